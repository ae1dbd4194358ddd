"""``make_demo`` and ``make_roles``: who is there on the first day, and what editors may do."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from wagtail.models import GroupPagePermission, Workflow, WorkflowPage

from companions.rules import Kind
from companions.today import today
from lms.management.commands.make_demo import PASSWORD, PIN, SIGN_IN
from people.models import Household, HouseholdGroup, Learner, User
from people.rules import STAFF_PASSWORD_LENGTH, pin_weakness
from progress.facts import outline
from progress.models import GroupSession, LessonCompletion, ModuleAssignment, ModuleProgress
from quizzes.models import QuizPage
from quizzes.statistics import Flag, flagged

pytestmark = pytest.mark.django_db
WRITERS, REVIEWERS = "Penulis materi", "Peninjau materi"


def people() -> dict[str, list[dict]]:
    """All rows of people and of what they did."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for label in ("people", "progress", "quizzes", "badges")
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    }


@pytest.fixture
def roles():
    call_command("make_roles")


@pytest.fixture(scope="module")
def demo_of_all(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Made once, for the tests below the first that asks for it: each of them undoes what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("make_roles")
        call_command("make_demo")
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(demo_of_all, db):
    """The demo as it is on its first day."""


# --- make_demo ----------------------------------------------------------------------------------------------------


def test_outside_a_demo_it_refuses_and_makes_nobody(roles, settings):
    """A14."""
    settings.DEMO = False
    before = people()
    with pytest.raises(CommandError, match="DEMO=true"):
        call_command("make_demo")
    assert people() == before


def test_without_it_nobody_is_there():
    """A14."""
    assert not User.objects.exists()


def test_it_prints_who_signs_in_with_what_and_where(demo, capsys):
    call_command("make_demo")
    printed = capsys.readouterr().out
    for who, login, secret, home in SIGN_IN:
        assert [line.split()[-3:] for line in printed.splitlines() if who in line] == [[login, secret, home]]


@pytest.mark.parametrize(("login", "secret", "home"), [row[1:] for row in SIGN_IN], ids=[row[1] for row in SIGN_IN])
def test_everyone_printed_can_sign_in_and_gets_to_the_first_screen(demo, client, login, secret, home):
    response = client.post("/masuk/", {"login": login, "password": secret})
    assert response.status_code == 302, "signed in"
    assert client.get(home).status_code == 200
    expected = "/kelola/" if login == "admin.pena" else home
    assert response["Location"] == expected


def test_run_again_it_changes_nothing(demo):
    before = people()
    call_command("make_demo")
    assert people() == before


def test_run_again_it_leaves_what_people_did_meanwhile(demo):
    sari = Learner.objects.get(user__username="SAR1PENA")
    sari.user.set_password("917364")
    sari.user.save()
    rina = User.objects.get(username="rina.marlina")
    ModuleAssignment.objects.withdraw(ModuleAssignment.objects.current().first(), by=rina)
    Learner.objects.filter(first_name="Dedi").update(first_name="Didi")
    before = people()
    call_command("make_demo")
    assert people() == before
    assert User.objects.get(username="SAR1PENA").check_password("917364")


def test_the_first_learner_has_finished_a_module_the_second_has_not_begun(demo):
    sari, dedi = (Learner.objects.get(user__username=code) for code in ("SAR1PENA", "DED1PENA"))
    assert sari.badge_awards.count() == 1
    assert not LessonCompletion.objects.filter(learner=dedi).exists()
    assert not ModuleProgress.objects.filter(learner=dedi).exists()
    call_command("rebuild_progress", "--check")


def test_a_meeting_of_last_week_has_brought_a_lesson_and_stands(demo):
    session = GroupSession.objects.get()
    assert session.held_on == timezone.localdate() - timedelta(days=7)
    assert session.can_be_corrected is False
    assert [row.learner.first_name for row in LessonCompletion.objects.filter(session=session)] == ["Sari"]


def test_two_companions_have_different_households(demo):
    rina, agus = (User.objects.get(username=name) for name in ("rina.marlina", "agus.salim"))
    assert Household.objects.for_companion(rina).count() == 8
    assert Household.objects.for_companion(rina).filter(group__name="Melati 1").count() == 2
    assert Household.objects.for_companion(agus).count() == 1
    assert HouseholdGroup.objects.get(name="Melati 1").leader.first_name == "Sari"


def test_the_companion_finds_a_day_with_every_need(demo):
    day = today(User.objects.get(username="rina.marlina"), outline())
    assert [block.kind for block in day.blocks] == list(Kind)
    words = ModuleAssignment.objects.current().exclude(word="")
    assert [row.household.name for row in words] == ["Keluarga Eka Putri"]


def test_an_editor_finds_questions_to_look_at(demo):
    """Each kind of finding once or more, and most questions are good ones."""
    found = flagged(QuizPage.objects.original().live())
    assert {flag for question in found for flag in question.item.flags} == set(Flag)
    assert len(found) == 3


@pytest.mark.parametrize("name", ["Sari", "Dedi", "Wati", "Nur", "Joko", "Yanti", "Eka", "Ratna"])
def test_whoever_the_demo_tells_of_is_the_only_one_of_her_name(demo, name):
    Learner.objects.get(first_name=name)


def test_its_secrets_keep_the_rules(demo):
    assert pin_weakness(PIN) is None
    assert len(PASSWORD) >= STAFF_PASSWORD_LENGTH


# --- make_roles ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", [WRITERS, REVIEWERS])
def test_editors_keep_figures_badges_and_recordings(roles, group):
    held = set(Group.objects.get(name=group).permissions.values_list("content_type__app_label", "codename"))
    wanted = {("courses", "figure"), ("badges", "badge"), ("wagtailmedia", "media")}
    assert {(app, f"{action}_{model}") for app, model in wanted for action in ("add", "change", "view")} <= held
    assert ("wagtailadmin", "access_admin") in held
    assert not {codename for app, codename in held if app in ("people", "progress", "quizzes", "auth")}, "no people"
    assert not {codename for _, codename in held if codename in ("delete_figure", "delete_badge")}


@pytest.mark.parametrize(
    ("group", "allowed"),
    [(WRITERS, {"add_page", "change_page"}), (REVIEWERS, {"add_page", "change_page", "publish_page"})],
)
def test_writers_write_and_reviewers_publish(roles, group, allowed):
    held = GroupPagePermission.objects.filter(group__name=group).values_list("permission__codename", flat=True)
    assert set(held) & {"add_page", "change_page", "publish_page"} == allowed


def test_what_writers_hand_in_goes_to_the_reviewers(roles):
    workflow = Workflow.objects.get(active=True)
    assert workflow.name == "Ditinjau sebelum terbit"
    assert {row.page.depth for row in WorkflowPage.objects.filter(workflow=workflow)} == {1}, "for all pages"
    task = workflow.tasks.get().specific
    assert [group.name for group in task.groups.all()] == [REVIEWERS]


def test_the_groups_of_wagtail_are_renamed_not_doubled(roles):
    assert set(Group.objects.values_list("name", flat=True)) == {WRITERS, REVIEWERS}


def test_a_group_that_was_renamed_keeps_its_name_and_stops_no_update(roles):
    Group.objects.filter(name=WRITERS).update(name="Penulis")
    Group.objects.filter(name=REVIEWERS).delete()
    call_command("make_roles")
    assert [group.name for group in Group.objects.all()] == ["Penulis"]


def test_roles_made_again_change_nothing(roles):
    def state():
        return [
            list(model._base_manager.order_by("pk").values())
            for model in (Group, Group.permissions.through, GroupPagePermission, Workflow, WorkflowPage)
        ]

    before = state()
    call_command("make_roles")
    assert state() == before
