"""What an editor keeps of her account in /kelola/account/."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from wagtail.users.models import UserProfile

from tests import factories, pages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
PATH = "/kelola/account/"


@pytest.fixture
def lestari():
    return factories.staff("Penulis materi")


def desk_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_picture_of_oneself_is_not_kept(lestari):
    """U2: Wagtail would keep it as it came, with the place where it was taken, where everybody can fetch it."""
    desk = desk_of(lestari)
    form = pages.soup(desk.get(PATH)).select_one("form:has([name^=name_email])")
    assert form.select("[type=file]") == []
    picture = SimpleUploadedFile("saya.jpg", factories.image_file(300, 300).read())
    name = {"name_email-first_name": "Tari", "name_email-last_name": "", "name_email-email": ""}
    desk.post(PATH, pages.sends(form) | name | {"avatar-avatar": picture})
    lestari.refresh_from_db()
    assert lestari.get_full_name() == "Tari", "one name is enough, and no e-mail is asked for"
    assert not UserProfile.get_for_user(lestari).avatar


def test_only_whoever_edits_has_that_page(lestari):
    assert "no-store" in desk_of(lestari).get(PATH).headers["Cache-Control"]
    assert desk_of(factories.companion().user).get(PATH).status_code == 403
    assert Client().get(PATH).headers["Location"].startswith("/masuk/")
