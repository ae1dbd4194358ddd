"""How accounts sign in, and how whoever is signed in is found again at each request."""

from allauth.account.auth_backends import AuthenticationBackend

from .models import Learner, User
from .prepared import PreparedModels

_users = PreparedModels(lambda user: User.objects.filter(pk=user), user=int)


class Backend(AuthenticationBackend):
    """allauth's, with prepared questions. Most who ask are learners, of whom each page knows more than the account."""

    def get_user(self, user_id: int) -> User | None:
        """None where the account is gone or closed."""
        learner = Learner.objects.of_user(user_id)
        user = learner.user if learner else next(iter(_users(user=user_id)), None)
        if user is None or not self.user_can_authenticate(user):
            return None
        user.learner_or_none = learner
        return user
