"""From a writer's draft to what a learner reads; and what a learner has earned meanwhile stays hers."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models.signals import pre_save
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Comment, Page, Revision, TaskState, Workflow, WorkflowState
from wagtail.users.models import UserProfile

from badges.models import BadgeAward
from courses.models import GUIDE_FIELDS, LessonPage, ModulePrerequisite
from courses.page_forms import GONE_BY
from people.models import User
from progress.models import LessonCompletion, ModuleProgress
from quizzes.models import Attempt
from tests import factories, pages

pytestmark = pytest.mark.django_db
NEW = "Bisa memilih nama yang khas."
AN_HOUR = timedelta(hours=1)


def staff(group: str, name: str) -> User:
    user = factories.staff(group)
    user.first_name, user.email = name, f"{name.lower()}@pena.test"
    user.save()
    return user


@pytest.fixture
def writer() -> User:
    return staff("Penulis materi", "Lestari")


@pytest.fixture
def reviewer() -> User:
    return staff("Peninjau materi", "Maya")


@pytest.fixture
def lesson() -> LessonPage:
    return LessonPage.objects.get(slug="memilih-nama")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def hand_in(lesson: LessonPage, writer: User, goal: str = NEW) -> TaskState:
    """The writer's new draft, handed in for review."""
    lesson.goal = goal
    lesson.save_revision(user=writer)
    return Workflow.objects.get().start(lesson, writer).current_task_state


def act(reviewer: User, state: TaskState, action: str, **data) -> None:
    url = reverse("wagtailadmin_pages:workflow_action", args=[state.revision.object_id, action, state.pk])
    assert browser(reviewer).post(url, data).status_code in (200, 302)


# --- Writer, reviewer, learner -----------------------------------------------------------------------------------


def test_a_writer_cannot_publish(writer, lesson):
    client = browser(writer)
    form = pages.soup(client.get(f"/kelola/pages/{lesson.pk}/edit/"))
    assert form.select("[name=action-submit]") and not form.select("[name=action-publish]")
    assert not lesson.permissions_for_user(writer).can_publish()


def test_what_is_handed_in_stays_a_draft_until_it_is_approved(writer, reviewer, lesson):
    state = hand_in(lesson, writer)
    assert NEW not in Client().get(lesson.url).text
    act(reviewer, state, "approve")
    assert NEW in Client().get(lesson.url).text


def test_what_a_reviewer_mends_is_out_with_her_approval_and_meanwhile_nobody_else_may_edit(writer, reviewer, lesson):
    state = hand_in(lesson, writer)
    lesson.refresh_from_db()
    assert lesson.get_lock().for_user(writer) and not lesson.get_lock().for_user(reviewer)
    lesson.goal = f"{NEW} Sudah dirapikan."
    lesson.save_revision(user=reviewer)
    act(reviewer, state, "approve")
    assert "Sudah dirapikan." in Client().get(lesson.url).text


def test_a_published_change_is_the_new_revision_that_copies_on_phones_are_compared_by(writer, reviewer, lesson):
    before = lesson.live_revision_id
    act(reviewer, state := hand_in(lesson, writer), "approve")
    assert LessonPage.objects.get(pk=lesson.pk).live_revision_id == state.revision_id != before


def test_a_reviewer_is_told_by_mail(writer, reviewer, lesson, mailoutbox):
    hand_in(lesson, writer)
    (mail,) = [mail for mail in mailoutbox if mail.to == ["maya@pena.test"]]
    assert mail.subject == "Halaman «Memilih nama» menunggu persetujuan di langkah «Ditinjau sebelum terbit»"
    assert mail.body.startswith("Halo Maya,")
    assert f"/kelola/pages/{lesson.pk}/edit/" in mail.body


def test_a_writer_is_told_by_mail_that_her_page_is_out(writer, reviewer, lesson, mailoutbox):
    state = hand_in(lesson, writer)
    mailoutbox.clear()
    act(reviewer, state, "approve")
    (mail,) = mailoutbox
    assert mail.to == ["lestari@pena.test"]
    assert mail.subject == "Halaman «Memilih nama» disetujui dalam «Ditinjau sebelum terbit»."
    assert lesson.full_url in mail.body


def test_a_writer_is_told_by_mail_what_to_change(writer, reviewer, lesson, mailoutbox):
    state = hand_in(lesson, writer)
    mailoutbox.clear()
    act(reviewer, state, "reject", comment="Contohnya kurang dekat.")
    (mail,) = mailoutbox
    assert mail.subject == "Halaman «Memilih nama» dikembalikan dalam «Ditinjau sebelum terbit»."
    assert "oleh Maya" in mail.body and "Komentarnya: «Contohnya kurang dekat.»" in mail.body
    assert NEW not in Client().get(lesson.url).text
    assert WorkflowState.objects.get(object_id=str(lesson.pk)).status == WorkflowState.STATUS_NEEDS_CHANGES


@pytest.mark.parametrize(
    ("comment", "told"),
    [("Tulis harga <Rp10.000.", "Maya minta diubah: «Tulis harga <Rp10.000.»"), ("", "Maya minta diubah.")],
    ids=["with a comment", "without"],
)
def test_a_writer_reads_above_her_form_what_to_change(writer, reviewer, lesson, comment, told):
    act(reviewer, hand_in(lesson, writer), "reject", comment=comment)
    form = pages.soup(browser(writer).get(f"/kelola/pages/{lesson.pk}/edit/"))
    assert [pages.text(message) for message in form.select(".messages li.warning")] == [told]


def test_nothing_is_asked_for_above_the_form_once_it_is_handed_in_again(writer, reviewer, lesson):
    act(reviewer, hand_in(lesson, writer), "reject", comment="Contohnya kurang dekat.")
    WorkflowState.objects.get(object_id=str(lesson.pk)).resume(user=writer)
    form = pages.soup(browser(writer).get(f"/kelola/pages/{lesson.pk}/edit/"))
    assert "minta diubah" not in pages.text(form.select_one(".messages"))


# --- What a learner has earned -----------------------------------------------------------------------------------


def test_nothing_that_a_learner_has_earned_changes_with_a_new_edition(writer, reviewer):
    learner = factories.learner(pin=None)
    factories.finished(learner, "pengenalan-motivasi")
    earned = [
        list(model.objects.order_by("pk").values()) for model in (LessonCompletion, Attempt, BadgeAward, ModuleProgress)
    ]
    lesson, quiz = factories.lessons("pengenalan-motivasi")[0], factories.quiz("pengenalan-motivasi")
    act(reviewer, hand_in(lesson, writer), "approve")
    quiz.pass_mark = 100
    quiz.questions.pop()
    quiz.save_revision(user=writer).publish()
    assert earned == [
        list(model.objects.order_by("pk").values()) for model in (LessonCompletion, Attempt, BadgeAward, ModuleProgress)
    ]


# --- The clock ---------------------------------------------------------------------------------------------------


def later(page: Page, hours: int) -> None:
    """As if ``hours`` had gone by: everything planned lies as much earlier."""
    for revision in Revision.objects.filter(object_id=str(page.pk)).exclude(approved_go_live_at=None):
        revision.approved_go_live_at -= hours * AN_HOUR
        revision.content["go_live_at"] = revision.approved_go_live_at.isoformat()
        revision.save()
    for stored in Page.objects.filter(pk=page.pk).exclude(expire_at=None):
        Page.objects.filter(pk=page.pk).update(expire_at=stored.expire_at - hours * AN_HOUR)


def test_a_lesson_goes_out_at_its_hour(reviewer, lesson):
    lesson.goal, lesson.go_live_at = NEW, timezone.now() + AN_HOUR
    lesson.save_revision(user=reviewer).publish(user=reviewer)
    call_command("publish_scheduled")
    assert NEW not in Client().get(lesson.url).text
    later(lesson, hours=2)
    call_command("publish_scheduled")
    assert NEW in Client().get(lesson.url).text


def published_by_form(reviewer: User, module: Page, hour: str) -> str:
    """What the form answers, with ``hour`` in «Terbit pada»."""
    client, address = browser(reviewer), reverse("wagtailadmin_pages:edit", args=[module.pk])
    form = pages.sends(pages.soup(client.get(address)).select_one("form[data-edit-form]"))
    words = {name: getattr(module, name) for name in ("outcome", *(field for field, _ in GUIDE_FIELDS.values()))}
    typed = {"summary": NEW, "go_live_at": hour, "action-publish": "action-publish"}
    return client.post(address, form | words | typed, follow=True).text


@pytest.mark.parametrize(
    ("zone", "name"), [("", "WIB"), ("Asia/Makassar", "WITA"), ("Asia/Jayapura", "WIT")], ids=["none", "WITA", "WIT"]
)
def test_the_form_says_by_which_clock_an_hour_is_set(reviewer, lesson, zone, name):
    """Her computer may show another one than her account."""
    UserProfile.get_for_user(reviewer)
    UserProfile.objects.filter(user=reviewer).update(current_time_zone=zone)
    form = browser(reviewer).get(f"/kelola/pages/{lesson.pk}/edit/").text
    assert form.count(f"Jam {name}.") == len(["terbit", "berakhir"])


def test_an_hour_that_has_gone_by_is_said_at_its_field_and_nothing_is_published(reviewer):
    module = factories.module()
    answer = published_by_form(reviewer, module, "2025-01-31 07:00")
    assert answer.count(GONE_BY) == 1
    assert 'value="2025-01-31 07:00"' in answer, "what was typed stays"
    assert NEW not in Client().get(module.url).text


def test_what_went_out_at_its_hour_can_be_published_again(reviewer):
    module = factories.module()
    module.go_live_at = timezone.now().replace(second=0, microsecond=0) - AN_HOUR
    module.save_revision().publish()
    published_by_form(reviewer, module, f"{timezone.localtime(module.go_live_at):%Y-%m-%d %H:%M}")
    assert NEW in Client().get(module.url).text


def test_a_lesson_is_taken_back_at_its_hour(reviewer, lesson):
    lesson.expire_at = timezone.now() + AN_HOUR
    lesson.save_revision(user=reviewer).publish(user=reviewer)
    call_command("publish_scheduled")
    assert Client().get(lesson.url).status_code == 200
    later(lesson, hours=2)
    call_command("publish_scheduled")
    assert Client().get(lesson.url).status_code == 404


def due(lesson: LessonPage, reviewer: User, hours: int = 1) -> LessonPage:
    """A lesson whose hour came so long ago."""
    lesson.goal, lesson.go_live_at = NEW, timezone.now() + AN_HOUR
    lesson.save_revision(user=reviewer).publish(user=reviewer)
    later(lesson, hours=1 + hours)
    return lesson


@contextmanager
def saving_ends_in(error: type[BaseException], lesson: LessonPage) -> Iterator[None]:
    def refuse(instance, **kwargs):
        if instance.pk == lesson.pk:
            raise error

    pre_save.connect(refuse, sender=LessonPage)
    try:
        yield
    finally:
        pre_save.disconnect(refuse, sender=LessonPage)


def test_a_lesson_goes_out_although_the_run_of_its_hour_was_cut_off(reviewer, lesson):
    due(lesson, reviewer)
    with saving_ends_in(KeyboardInterrupt, lesson), pytest.raises(KeyboardInterrupt):
        call_command("publish_scheduled")
    call_command("publish_scheduled")
    assert NEW in Client().get(lesson.url).text


def test_a_lesson_that_cannot_go_out_is_named_and_holds_up_no_other(reviewer, lesson):
    first, second = due(lesson, reviewer, hours=2), due(factories.lessons("merek")[2], reviewer)
    with saving_ends_in(ValidationError, first), pytest.raises(CommandError, match=f"Belum bisa terbit.*{first.title}"):
        call_command("publish_scheduled")
    assert NEW in Client().get(second.url).text
    call_command("publish_scheduled")
    assert NEW in Client().get(first.url).text


# --- Who changed what --------------------------------------------------------------------------------------------


def test_the_history_says_who_changed_what_and_two_editions_can_be_compared(writer, reviewer, lesson):
    act(reviewer, hand_in(lesson, writer), "approve")
    client = browser(reviewer)
    history = pages.text(pages.soup(client.get(f"/kelola/pages/{lesson.pk}/history/")).select_one("main"))
    assert "Lestari" in history and "Maya" in history
    first, last = lesson.revisions.order_by("created_at").first(), lesson.revisions.order_by("created_at").last()
    compared = client.get(f"/kelola/pages/{lesson.pk}/revisions/compare/{first.pk}...{last.pk}/")
    changes = pages.soup(compared)
    assert "yang khas" in " ".join(pages.text(added) for added in changes.select(".addition"))
    assert "satu" in " ".join(pages.text(gone) for gone in changes.select(".deletion"))


def compared(reviewer: User, page: Page) -> str:
    """What has changed in the latest draft of a page that is published."""
    address = reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, "live", "latest"])
    return pages.text(pages.soup(browser(reviewer).get(address)).select_one("main"))


def test_what_was_ticked_chosen_and_added_is_compared_in_words(reviewer, lesson):
    module, quiz, task = factories.module(), factories.quiz(), lesson.practice[0]
    module.for_companions = True
    module.save_revision()
    assert "Untuk pendamping: tidak ya" in compared(reviewer, module)
    task.value["evidence"] = ["photo", "note"]
    lesson.save_revision()
    assert "Catatan" in (told := compared(reviewer, lesson)) and "Foto" in told and "photo" not in told
    right, wrong = {"text": "Khas", "correct": True}, {"text": "Umum", "correct": False}
    new = {"question": "Nama mana?", "choices": [right, wrong], "explanation": None, "lesson": None}
    quiz.questions.append(("single_choice", new))
    quiz.save_revision(clean=False)
    told = compared(reviewer, quiz)
    assert "Pilihan Khas Benar ya Pilihan Umum Benar tidak" in told
    assert not {"True", "False", "None", "text", "correct"} & set(told.split())


def test_a_comment_stays_with_its_field_and_is_no_part_of_the_lesson(writer, lesson):
    Comment.objects.create(page=lesson, user=writer, text="Contohnya kurang dekat.", contentpath="goal")
    assert "Contohnya kurang dekat." in browser(writer).get(f"/kelola/pages/{lesson.pk}/edit/").text
    assert "Contohnya kurang dekat." not in Client().get(lesson.url).text


# --- From the list of pages ----------------------------------------------------------------------------------------


def publish_from_list(reviewer: User, *chosen: Page, descendants: bool = False):
    ids = "&".join(f"id={page.pk}" for page in chosen)
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    data = {"include_descendants": "on"} if descendants else {}
    return browser(reviewer).post(f"{address}?{ids}&next=/kelola/pages/", data, follow=True)


def without_goal(lesson: LessonPage) -> None:
    lesson.goal = ""


def without_answer(lesson: LessonPage) -> None:
    check = {"question": "Nama khas?", "choices": [], "explanation": ""}
    lesson.body = lesson.body.stream_block.to_python([{"type": "quick_check", "id": "a1", "value": check}])


@pytest.mark.parametrize("unfinished", [without_goal, without_answer])
def test_no_unfinished_draft_is_published_from_the_list_and_its_reviewer_is_told(reviewer, lesson, unfinished):
    other = factories.lessons()[1]
    other.title = "Judul baru"
    other.save_revision()
    unfinished(lesson)
    lesson.save_revision(clean=False)
    answer = publish_from_list(reviewer, lesson, other)
    assert f"Belum ada yang terbit. «{lesson.title}» belum lengkap." in pages.text(pages.soup(answer))
    assert {page.has_unpublished_changes for page in LessonPage.objects.filter(pk__in=[lesson.pk, other.pk])} == {True}


@pytest.mark.parametrize("unfinished", [without_goal, without_answer])
@pytest.mark.parametrize("in_a_window", [True, False])
def test_no_unfinished_draft_is_approved_without_its_form_and_its_reviewer_is_led_there(
    writer, reviewer, lesson, unfinished, in_a_window
):
    state = hand_in(lesson, writer)
    unfinished(lesson)
    lesson.save_revision(clean=False)
    address, form = (
        reverse(f"wagtailadmin_pages:{name}", args=args)
        for name, args in (("workflow_action", [lesson.pk, "approve", state.pk]), ("edit", [lesson.pk]))
    )
    client = browser(reviewer)
    answer = client.post(address, headers={"x-requested-with": "XMLHttpRequest"} if in_a_window else {})
    assert (answer.json()["redirect"] if in_a_window else answer["Location"]) == form
    assert f"«{lesson.title}» belum lengkap, jadi belum terbit." in pages.text(pages.soup(client.get(form)))
    state.refresh_from_db()
    assert (state.status, NEW in Client().get(lesson.url).text) == (TaskState.STATUS_IN_PROGRESS, False)


def test_a_module_that_waits_for_one_not_chosen_yet_is_not_published_from_the_list(reviewer):
    module = factories.module()
    module.prerequisites.add(ModulePrerequisite(module=None))
    module.save_revision(clean=False)
    answer = publish_from_list(reviewer, module)
    assert f"«{module.title}» belum lengkap." in pages.text(pages.soup(answer))


def test_an_unfinished_lesson_stays_a_draft_where_its_module_is_published_with_all_below_it(reviewer, lesson):
    lesson.unpublish()
    without_goal(lesson)
    lesson.save_revision(clean=False)
    answer = publish_from_list(reviewer, factories.module(), descendants=True)
    assert f"«{lesson.title}» belum lengkap." in pages.text(pages.soup(answer))
    assert not LessonPage.objects.get(pk=lesson.pk).live


def test_finished_drafts_are_published_from_the_list(reviewer, lesson):
    lesson.goal = NEW
    lesson.save_revision()
    publish_from_list(reviewer, lesson, factories.quiz())
    assert LessonPage.objects.get(pk=lesson.pk).goal == NEW
