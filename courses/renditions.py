"""Makes every size of a page's pictures when it is published, so that no learner waits for the first one."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.dispatch import receiver
from wagtail.images.models import Filter
from wagtail.models import Page, ReferenceIndex
from wagtail.signals import page_published

from .images import Picture

PICTURE_SPEC = "format-{avif,webp,jpeg}|width-{360,720}"  # as in templates/courses/photograph.html


def pictures_of(page: Page) -> QuerySet[Picture]:
    """Every picture that the page's fields and blocks refer to."""
    picture_type = ContentType.objects.get_for_model(Picture).pk
    references = ReferenceIndex._extract_references_from_object(page)
    ids = {object_id for type_id, object_id, *_ in references if type_id == picture_type}
    return Picture.objects.filter(pk__in=ids)


@receiver(page_published)
def make_renditions(instance, **kwargs):
    for picture in pictures_of(instance):
        make_sizes(picture)


def make_sizes(picture: Picture) -> None:
    """Every size that phones are sent."""
    picture.get_renditions(*Filter.expand_spec(PICTURE_SPEC))
