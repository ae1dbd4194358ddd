"""Who gets an editor's file by its address below /media/. Parts of a recording: tests/courses/test_media.py."""

import pytest
from django.core.files.base import ContentFile
from wagtail.documents.models import Document
from wagtail.models import Collection, CollectionViewRestriction

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(settings, tmp_path) -> Document:
    """One that only whoever has signed in may read."""
    settings.MEDIA_ROOT = tmp_path
    staffs = Collection.get_first_root_node().add_child(name="Untuk petugas")
    CollectionViewRestriction.objects.create(collection=staffs, restriction_type="login")
    file = ContentFile(b"%PDF-1.7", "panduan.pdf")
    return Document.objects.create(title="Panduan", file=file, collection=staffs)


def test_a_document_for_some_has_no_other_address_that_everybody_may_open(client, document):
    assert document.file.url == "/media/documents/panduan.pdf"
    for path in ("documents/panduan.pdf", "./documents//panduan.pdf", "images/../documents/panduan.pdf"):
        assert client.get(f"/media/{path}").status_code == 404
    assert "/login/" in client.get(document.url)["Location"]
    client.force_login(factories.companion().user)
    assert b"".join(client.get(document.url)) == b"%PDF-1.7"


def test_a_name_that_no_file_can_have_is_not_found(client, document):
    assert client.get(f"/media/images/{'n' * 300}.png").status_code == 404


def test_of_a_part_that_no_file_can_have_the_whole_is_sent(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    (tmp_path / "suara.webm").write_bytes(b"suara")
    response = client.get("/media/suara.webm", headers={"Range": f"bytes={'9' * 5000}-"})
    assert (response.status_code, b"".join(response)) == (200, b"suara")
