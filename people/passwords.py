"""Whose secret must be how strong; Django, allauth and the administrator's desk all ask here."""

from django.core.exceptions import ValidationError

from .rules import STAFF_PASSWORD_LENGTH, pin_weakness


class SecretOfRoleValidator:
    """A learner's secret is a PIN that is not weak; anybody else's is a password of 12 characters or more."""

    def validate(self, password: str, user=None) -> None:
        """Raises ValidationError with the reason, in words for the person."""
        if user is not None and user.is_learner:
            if weakness := pin_weakness(password):
                raise ValidationError(weakness)
        elif len(password) < STAFF_PASSWORD_LENGTH:
            raise ValidationError(f"Kata sandi paling sedikit {STAFF_PASSWORD_LENGTH} huruf atau angka.")

    def get_help_text(self) -> str:
        return f"Paling sedikit {STAFF_PASSWORD_LENGTH} huruf atau angka."
