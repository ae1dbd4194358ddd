"""Drafts may lack anything. Here it is told whether one lacks what a page needs before it is published."""

from django.core.exceptions import ValidationError
from wagtail.fields import StreamField
from wagtail.models import Page

from .moving import child_fields


def is_finished(draft: Page) -> bool:
    """Whether the form of ``draft`` would publish it."""
    try:
        draft.full_clean()
        for field in draft._meta.get_fields():
            if isinstance(field, StreamField):
                field.stream_block.clean(getattr(draft, field.name))
        for name, (_, fields) in child_fields(type(draft)).items():
            for row in getattr(draft, name).all():
                row.clean_fields(exclude={field.name for field in row._meta.fields} - {field.name for field in fields})
    except ValidationError:
        return False
    return True
