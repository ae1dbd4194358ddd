"""Work that was not taken is shown to who can help, in words that say what to do."""

import pytest

from learn import rights
from learn.models import RefusedWork
from people.models import Companionship, User
from tests import factories as make
from tests.learn.phone import new_id, phone_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
PATH = "/dampingan/kiriman/"


@pytest.fixture
def sari(rina):
    return make.learner(make.household(rina), first_name="Sari")


@pytest.fixture
def refused(sari) -> RefusedWork:
    phone = phone_of(sari)
    item = phone.lesson(make.lessons("merek")[0])
    phone.send(item)
    phone.send(phone.lesson(make.lessons("merek")[0], id=item["id"], at="lain"))
    return RefusedWork.objects.get()


def shown(client, user) -> str:
    client.force_login(user)
    return client.get(PATH).content.decode()


def test_the_companion_reads_whose_it_is_what_it_was_and_what_to_do(client, rina, refused):
    page = shown(client, rina.user)
    assert "Bu Sari" in page
    assert f"Sudah paham: {make.lessons('merek')[0].title}" in page
    assert "Yang sudah ada tetap dipakai." in page


def test_a_meeting_says_which_it_was_and_who_was_there_to_record_it_again(client, sari, rina, group):
    """But not those who are hers no longer."""
    homes = [make.household(rina, in_group=group) for _ in range(2)]
    dedi, wati = (make.learner(home, first_name=name) for home, name in zip(homes, ("Dedi", "Wati"), strict=True))
    phone = phone_of(rina)
    work = {
        "group": group.pk,
        "held_on": "2026-11-22",
        "place": "Balai desa",
        "lessons": [str(make.lessons("merek")[0].translation_key)],
        "learners": [dedi.pk, wati.pk],
    }
    Companionship.objects.hand_over([wati.household], rina, make.companion(), by=rina.user)
    assert phone.statuses(phone.item("attendance", work)) == ["refused"]
    page = shown(client, rina.user)
    assert f"Kehadiran: {group.name}, 22 Nov 2026" in page
    assert f"Yang dibahas: {make.lessons('merek')[0].title}." in page
    assert "Yang hadir: Dedi Wulandari." in page


def test_of_a_meeting_that_was_changed_too_late_it_tells_who_was_added(client, rina):
    group = make.group()
    sari, dedi = (make.learner(make.household(rina, in_group=group), first_name=name) for name in ("Sari", "Dedi"))
    phone, lesson = phone_of(rina), str(make.lessons("merek")[0].translation_key)
    work = {"group": group.pk, "held_on": "2026-11-22", "place": "Balai", "lessons": [lesson], "learners": [sari.pk]}
    item = phone.item("attendance", work)
    changed = phone.item("attendance", work | {"learners": [sari.pk, dedi.pk]}, id=item["id"])
    assert phone.statuses(item, changed) == ["sent", "refused"]
    page = shown(client, rina.user)
    assert "Ada yang kurang? Catat lagi yang kurang saja." in page
    assert "Yang hadir: Sari Wulandari, Dedi Wulandari." in page


def test_the_administrator_sees_all(client, refused):
    assert "Bu Sari" in shown(client, User.objects.create_superuser("admin.uji"))


def test_of_a_learner_who_has_withdrawn_nothing_is_told(client, rina, refused):
    """P2"""
    rights.withdraw(refused.user.learner, by=refused.user)
    assert "Bu Sari" not in shown(client, rina.user)


def test_another_companion_sees_nothing_and_cannot_put_it_away(client, refused):
    assert "Bu Sari" not in shown(client, make.companion().user)
    assert client.post(f"{PATH}{refused.pk}/dilihat/").status_code == 404
    refused.refresh_from_db()
    assert refused.seen_at is None


def test_once_looked_at_it_is_shown_no_more_and_what_came_goes(client, rina, refused):
    client.force_login(rina.user)
    client.post(f"{PATH}{refused.pk}/dilihat/")
    assert "Bu Sari" not in shown(client, rina.user)
    refused.refresh_from_db()
    assert (refused.seen_by, refused.content) == (rina.user, "")


def test_once_looked_at_it_is_still_the_same_when_it_is_sent_again(sari, rina):
    phone = phone_of(sari)
    phone.send("rusak")
    RefusedWork.objects.see(RefusedWork.objects.get(), by=rina.user)
    phone.send("rusak")
    assert not RefusedWork.objects.unseen().exists()


def test_her_first_screen_leads_there_while_something_waits(client, rina, refused):
    client.force_login(rina.user)
    assert PATH in client.get("/dampingan/").content.decode()
    RefusedWork.objects.see(refused, by=rina.user)
    assert PATH not in client.get("/dampingan/").content.decode()


@pytest.mark.parametrize("content", ["", "7", "[]", '{"work": 7}', '{"kind": [], "work": {"lesson": []}}'])
def test_whatever_came_is_shown(client, sari, rina, content):
    RefusedWork.objects.create(
        user=sari.user, content=content, reason="shape", refused_at=sari.user.date_joined, digest=new_id()
    )
    assert "Kiriman ·" in shown(client, rina.user)


def test_many_cost_no_more_queries_than_one(client, sari, rina, refused, django_assert_num_queries):
    client.force_login(rina.user)
    phone_of(sari).send(*range(20))
    with django_assert_num_queries(11):
        client.get(PATH)


# --- Taken after all ----------------------------------------------------------------------------------------------


def test_what_is_taken_after_all_leaves_the_list_by_itself(client, rina):
    home, phone = make.household(), phone_of(rina)
    visit = phone.item("visit", {"household": home.pk, "text": "Bertemu Ibu."})
    other = phone.item("visit", {"household": make.household().pk, "text": "Lain."})
    assert phone.statuses(visit, other) == ["refused", "refused"]
    Companionship.objects.start(home, rina, by=rina.user)
    assert phone.statuses(visit, other) == ["sent", "refused"]
    assert [work.item_id for work in RefusedWork.objects.unseen()] == [other["id"]]
    taken = RefusedWork.objects.get(item_id=visit["id"])
    assert (taken.seen_by, taken.content) == (None, "")


def test_what_came_damaged_and_then_whole_waits_for_nobody(sari):
    phone, lesson = phone_of(sari), make.lessons("merek")[0]
    item = phone.lesson(lesson)
    assert phone.statuses(item | {"at": "lain"}, item) == ["refused", "sent"]
    assert not RefusedWork.objects.unseen().exists()


def test_what_its_owner_sends_herself_waits_for_nobody(rina, sari):
    dedi = make.learner(make.household(rina))
    item = phone_of(dedi).lesson(make.lessons("merek")[0])
    assert phone_of(sari).statuses(item) == ["refused"]
    assert RefusedWork.objects.unseen().get().user == sari.user
    assert phone_of(dedi).statuses(item) == ["sent"]
    assert not RefusedWork.objects.unseen().exists()


def test_other_content_under_the_id_of_what_was_taken_still_waits_for_somebody(sari):
    phone, lesson = phone_of(sari), make.lessons("merek")[0]
    item = phone.lesson(lesson)
    assert phone.statuses(item, phone.lesson(lesson, id=item["id"], at="lain")) == ["sent", "refused"]
    assert RefusedWork.objects.unseen().get().reason == "changed"


def test_nobody_puts_away_what_another_has_sent_by_using_its_id(rina, sari):
    """But for her own that came from another's phone."""
    dedi, lesson = make.learner(make.household(rina)), make.lessons("merek")[0]
    item = phone_of(dedi).lesson(lesson)
    assert phone_of(dedi).statuses(item | {"at": "lain"}) == ["refused"]
    assert phone_of(sari).statuses(phone_of(sari).lesson(lesson, id=item["id"])) == ["sent"]
    assert RefusedWork.objects.unseen().get().user == dedi.user
