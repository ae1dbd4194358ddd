"""How accounts sign in, and how whoever is signed in is found again at each request."""

from allauth.account.auth_backends import AuthenticationBackend

from .models import User
from .prepared import PreparedModels

_users = PreparedModels(lambda user: User.objects.filter(pk=user), user=int)


class Backend(AuthenticationBackend):
    """allauth's, with a prepared question."""

    def get_user(self, user_id: int) -> User | None:
        """None where the account is gone or closed."""
        return next((user for user in _users(user=user_id) if self.user_can_authenticate(user)), None)
