"""What is kept in memory while content stays as it is."""

import time

import pytest

from courses.models import ContentVersion, LessonPage
from progress import kept
from progress.kept import kept_with_content
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def titles():
    """Titles of the first module's lessons; ``titles.made`` tells how often they were read."""

    @kept_with_content
    def titles() -> list[str]:
        titles.made += 1
        return list(LessonPage.objects.child_of(make.module("merek")).values_list("title", flat=True))

    titles.made = 0
    return titles


def test_it_is_made_once_while_content_stays(titles):
    ContentVersion.objects.bump()
    assert titles() is titles()
    assert titles.made == 1


def test_it_is_made_anew_once_content_has_changed(titles):
    ContentVersion.objects.bump()
    before = titles()
    ContentVersion.objects.bump()
    assert titles() == before
    assert titles.made == 2


def test_whoever_changes_content_sees_the_change_in_her_own_transaction(titles):
    ContentVersion.objects.bump()
    before = titles()
    lesson = make.lessons("merek")[0]
    lesson.title = "Nama baru"
    lesson.save()
    assert "Nama baru" in titles()
    assert "Nama baru" not in before


def test_nothing_is_kept_where_no_content_has_a_version(titles):
    ContentVersion.objects.all().delete()
    assert titles() == titles()
    assert titles.made == 2


def test_it_is_made_anew_after_an_hour_though_no_change_was_told(titles, monkeypatch):
    ContentVersion.objects.bump()
    titles()
    later = time.time() + 3600
    monkeypatch.setattr(time, "time", lambda: later)
    titles()
    assert titles.made == 2


@pytest.mark.django_db(transaction=True)
def test_who_was_slow_to_hear_the_old_version_does_not_bring_it_back(monkeypatch):
    def slowly():
        monkeypatch.setattr(kept, "_ask", lambda: "new")
        assert kept.content_version() == "new", "who asks meanwhile"
        return "old"

    monkeypatch.setattr(kept, "_asked", (-kept.MOMENT, 0, None))
    monkeypatch.setattr(kept, "_ask", slowly)
    assert [kept.content_version() for _ in range(2)] == ["old", "new"]
