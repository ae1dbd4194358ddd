from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings


class PolicyByPathMiddleware:
    """The strict policy everywhere, the looser one that Wagtail's admin needs only on the staff's own paths, and in the
    previews that it frames there; each is written once. A response may bring its own."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.strict, self.staff = build_policy(), build_policy(settings.STAFF_SECURITY_POLICY)

    def __call__(self, request):
        response = self.get_response(request)
        if settings.DEBUG and response.status_code in (404, 500):  # Django's own pages for developers
            return response
        is_preview = getattr(request, "is_dummy", False)
        is_staff = is_preview or request.path_info.startswith(settings.STAFF_PATHS)
        response.headers.setdefault(HEADER, self.staff if is_staff else self.strict)
        return response
