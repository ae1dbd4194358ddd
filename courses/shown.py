"""What a published page shows of an editor's files, and one that will be published at its hour. A page waits for its
review; another file on it would not."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model
from wagtail.models import Page, ReferenceIndex, Revision
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy


def shown_without(user, kept: Model) -> Page | None:
    """A page that shows ``kept``, or will at its hour, and that ``user`` may not publish."""
    any_page, its_kind = ContentType.objects.get_for_model(Page), ContentType.objects.get_for_model(kept)
    references = ReferenceIndex.get_references_to(kept).filter(base_content_type=any_page)
    pages = list(Page.objects.live().filter(pk__in=[int(reference.object_id) for reference in references]))
    for revision in Revision.page_revisions.exclude(approved_go_live_at=None):  # the index does not know of these
        page = revision.as_object()
        uses = {used[:2] for used in ReferenceIndex._extract_references_from_object(page)}
        if (its_kind.pk, str(kept.pk)) in uses:
            pages.append(page)
    return next((page for page in pages if not page.permissions_for_user(user).can_publish()), None)


def keep_what_is_shown(user, kept: Model, file: object) -> None:
    """Raises ValidationError where ``file`` would replace what a reviewer has published."""
    if kept.pk and isinstance(file, UploadedFile) and user and (page := shown_without(user, kept)):
        told = f"Berkas ini dipakai di «{page.title}». Tambahkan sebagai berkas baru, lalu pilih di halaman itu."
        raise ValidationError(told)


class ShownFiles(CollectionOwnershipPermissionPolicy):
    """Wagtail's own, but that what a published page shows is deleted by those alone who may publish that page."""

    def user_has_any_permission_for_instance(self, user, actions, instance):
        may = super().user_has_any_permission_for_instance(user, actions, instance)
        return may and not (set(actions) == {"delete"} and shown_without(user, instance))
