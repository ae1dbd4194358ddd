"""``manage.py apply_retention`` deletes what is past its time, and nothing else."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.signals import post_delete
from django.test import Client
from django.utils import timezone

from learn.management.commands.apply_retention import (
    ERASED_KEYS_KEPT,
    REFUSED_KEPT,
    TEMPORARY_PINS_KEPT,
    UNSENT_KEPT,
    WITHDRAWN_KEPT,
    old_sessions,
)
from learn.models import RefusedWork
from people.models import Consent, ErasedKey, HouseholdEvent, ImportBatch, Learner, Session, TemporaryPin, User
from practice.models import Evidence, private_storage, stray_files
from tests import factories as make
from tests.factories import A_DAY

pytestmark = pytest.mark.django_db


def apply_retention(*options: str) -> str:
    out = StringIO()
    call_command("apply_retention", *options, stdout=out)
    return out.getvalue().strip()


def withdrawn(ago: timedelta, **fields) -> Learner:
    learner = make.learner(make.household(), **fields)
    make.read(learner)
    Consent.objects.withdraw(learner, by=learner.user)
    Consent.objects.filter(learner=learner).update(withdrawn_at=timezone.now() - ago)
    return learner


def a_pin(ago: timedelta) -> TemporaryPin:
    at = timezone.now() - ago
    learner = Learner.objects.filter(user__is_active=True).first() or make.learner()
    return TemporaryPin.objects.create(
        learner=learner, issued_by=make.staff(), issued_at=at, expires_at=at + timedelta(hours=72), replaced_at=at
    )


def signed_in(user: User, *, expires: timedelta) -> str:
    client = Client()
    client.force_login(user)
    Session.objects.filter(pk=client.session.session_key).update(expire_date=timezone.now() + expires)
    return client.session.session_key


def test_counts_of_sign_ins_that_are_over_are_deleted():
    cache.set("over", 1, timeout=-1)
    cache.set("goes_on", 1, timeout=60)
    apply_retention()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM cache")
        assert [key for (key,) in cursor.fetchall()] == [":1:goes_on"]


def test_nothing_old_nothing_deleted():
    assert (
        apply_retention()
        == "0 sesi, 0 PIN sementara, 0 berkas impor, 0 foto atau rekaman, 0 kiriman, 0 kunci, 0 pelajar dihapus."
    )


def test_who_withdrew_long_ago_is_erased():
    """P4"""
    old, recent = withdrawn(WITHDRAWN_KEPT + A_DAY), withdrawn(WITHDRAWN_KEPT - A_DAY)
    assert (
        apply_retention()
        == "0 sesi, 0 PIN sementara, 0 berkas impor, 0 foto atau rekaman, 0 kiriman, 0 kunci, 1 pelajar dihapus."
    )
    assert list(Learner.objects.all()) == [recent]
    assert old.household.events.first().kind == HouseholdEvent.Kind.LEARNER_ERASED


def test_who_came_back_or_never_withdrew_stays():
    back, closed = withdrawn(WITHDRAWN_KEPT + A_DAY), make.learner()
    Consent.objects.give(back, method=Consent.Method.AT_THE_DOOR, by=make.companion().user)
    User.objects.filter(pk=closed.user_id).update(is_active=False)
    User.objects.filter(pk=back.user_id).update(is_active=False)
    assert apply_retention().endswith("0 pelajar dihapus.")
    assert Learner.objects.count() == 2


def test_who_comes_back_while_others_are_erased_stays():
    two = [withdrawn(WITHDRAWN_KEPT + A_DAY) for _ in range(2)]
    by = make.companion().user

    def comes_back(instance, **of_django):
        [other] = [one for one in two if one.user_id != instance.pk]
        Consent.objects.give(other, method=Consent.Method.AT_THE_DOOR, by=by)

    post_delete.connect(comes_back, sender=User)
    try:
        told = apply_retention()
    finally:
        post_delete.disconnect(comes_back, sender=User)
    assert Learner.objects.active().count() == 1
    assert told.endswith("1 pelajar dihapus.")


def test_who_withdrew_twice_is_kept_from_the_last_time_on():
    learner = withdrawn(WITHDRAWN_KEPT + A_DAY)
    Consent.objects.give(learner, method=Consent.Method.AT_THE_DOOR, by=make.companion().user)
    Consent.objects.withdraw(learner, by=learner.user)
    assert apply_retention().endswith("0 pelajar dihapus.")


def test_old_temporary_pins_go():
    a_pin(TEMPORARY_PINS_KEPT + A_DAY)
    kept = a_pin(TEMPORARY_PINS_KEPT - A_DAY)
    assert "1 PIN sementara" in apply_retention()
    assert list(TemporaryPin.objects.all()) == [kept]


def test_a_temporary_pin_that_nobody_has_replaced_opens_nothing_however_old_it_is(client, rf):
    sari = make.learner()
    pin = TemporaryPin.objects.issue(sari, by=make.companion().user, request=rf.post("/"))
    long_ago = timezone.now() - TEMPORARY_PINS_KEPT - A_DAY
    TemporaryPin.objects.update(issued_at=long_ago, expires_at=long_ago + timedelta(hours=72))
    apply_retention()
    assert "lewat 72 jam" in client.post("/masuk/", {"login": sari.user.username, "password": pin}).text


def test_sessions_that_are_over_and_those_of_nobody_go():
    sari, gone = make.learner(), make.staff()
    signed_in(sari.user, expires=-A_DAY)
    signed_in(gone, expires=A_DAY)
    kept = signed_in(sari.user, expires=A_DAY)
    User.objects.filter(pk=gone.pk).delete()
    assert apply_retention().startswith("2 sesi")
    assert list(Session.objects.values_list("pk", flat=True)) == [kept]


@pytest.mark.parametrize("others", [1, 30])
def test_old_sessions_take_one_question_at_any_number_of_others(others, django_assert_num_queries):
    for user in [make.staff() for _ in range(others)]:
        signed_in(user, expires=A_DAY)
    signed_in(gone := make.staff(), expires=A_DAY)
    Client().session.save()  # nobody's, which is not to go
    User.objects.filter(pk=gone.pk).delete()
    with django_assert_num_queries(1):
        old_sessions(timezone.now()).delete()
    assert Session.objects.count() == others + 1


def test_old_imported_files_go():
    batch = ImportBatch.objects.create(kind="pelajar", by=make.staff(), file_name="pelajar.xlsx")
    ImportBatch.objects.filter(pk=batch.pk).update(made_at=timezone.now() - timedelta(days=8))
    assert "1 berkas impor" in apply_retention()
    assert not ImportBatch.objects.exists()


def test_work_that_was_not_taken_goes_after_a_season_seen_or_not():
    sari, now = make.learner(), timezone.now()
    for digest, ago in (("old", REFUSED_KEPT + A_DAY), ("new", REFUSED_KEPT - A_DAY)):
        RefusedWork.objects.create(user=sari.user, digest=digest, reason="shape", refused_at=now - ago)
    assert "1 kiriman" in apply_retention()
    assert RefusedWork.objects.get().digest == "new"


def test_keys_of_whoever_was_erased_go_after_three_years():
    for digest, ago in (("old", ERASED_KEYS_KEPT + A_DAY), ("new", ERASED_KEYS_KEPT - A_DAY)):
        ErasedKey.objects.note([digest], timezone.now() - ago)
    assert "1 kunci" in apply_retention("--dry-run")
    assert "1 kunci" in apply_retention()
    assert ErasedKey.objects.get().digest == "new"


def test_a_dry_run_only_counts():
    withdrawn(WITHDRAWN_KEPT + A_DAY)
    a_pin(TEMPORARY_PINS_KEPT + A_DAY)
    signed_in(make.staff(), expires=-A_DAY)
    words = "1 sesi, 1 PIN sementara, 0 berkas impor, 0 foto atau rekaman, 0 kiriman, 0 kunci, 1 pelajar"
    assert apply_retention("--dry-run") == f"{words} akan dihapus."
    assert (Session.objects.count(), TemporaryPin.objects.count()) == (1, 1)
    assert apply_retention() == f"{words} dihapus."
    assert apply_retention().startswith("0 sesi, 0 PIN sementara")


def kept_from_going(photo: Evidence) -> None:
    """As a disk would that has become read-only: where the file was, nothing can be deleted."""
    path = Path(photo.file.path)
    path.unlink()
    (path / "inside").mkdir(parents=True)


@pytest.fixture
def two_old_photos() -> Iterator[list[Evidence]]:
    """The first cannot be deleted."""
    photos = sorted((make.photo(make.learner()) for _ in range(2)), key=lambda photo: photo.pk)
    Evidence.objects.update(stored_at=timezone.now() - UNSENT_KEPT - A_DAY)
    kept_from_going(photos[0])
    yield photos
    shutil.rmtree(photos[0].file.path)


def test_a_file_that_cannot_be_deleted_keeps_no_other_from_going_and_is_said(two_old_photos):
    stays, goes = two_old_photos
    with pytest.raises(CommandError, match=f"^1 berkas .* {stays.file.name}"):
        apply_retention()
    assert not private_storage().exists(goes.file.name)


def test_who_withdrew_long_ago_is_erased_though_a_file_cannot_be_deleted(two_old_photos):
    learner = withdrawn(WITHDRAWN_KEPT + A_DAY)
    with pytest.raises(CommandError):
        apply_retention()
    assert not Learner.objects.filter(pk=learner.pk).exists()


def test_a_file_that_another_run_deletes_just_now_is_no_hindrance():
    name = private_storage().save("aa/nobodys.webp", ContentFile(b""))

    def deleted_by_another(execute, *query):
        private_storage().delete(name)
        return execute(*query)

    with connection.execute_wrapper(deleted_by_another):
        assert name not in stray_files(timezone.now() + A_DAY)


def test_what_a_disk_keeps_in_a_folder_of_its_own_is_left_to_it():
    """Only root may list it: whoever looks for files that nobody names ended there, and deleted none."""
    name = private_storage().save("lost+found/#12", ContentFile(b""))
    assert name not in stray_files(timezone.now() + A_DAY)
