from csp.middleware import CSPMiddleware
from django.conf import settings


class PolicyByPathMiddleware(CSPMiddleware):
    """The strict policy everywhere, the looser one that Wagtail's admin needs only on the staff's own paths, and in the
    previews that it frames there."""

    def get_policy_parts(self, request, response, report_only=False):
        parts = super().get_policy_parts(request, response, report_only)
        is_preview = getattr(request, "is_dummy", False)
        if not report_only and (is_preview or request.path_info.startswith(settings.STAFF_PATHS)):
            parts.config = settings.STAFF_SECURITY_POLICY
        return parts
