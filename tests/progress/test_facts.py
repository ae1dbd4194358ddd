"""What the rules are told: the published content, and what learners did."""

import pytest

from courses.models import ModulePage
from progress.facts import facts_of, modules_of, outline
from progress.rules import Facts
from quizzes.models import Attempt
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def merek():
    return make.module("merek")


# --- The content --------------------------------------------------------------------------------------------------


def test_the_outline_holds_all_modules_in_the_order_of_the_path():
    content = outline()
    assert [page.slug for page in content.module_pages.values()] == [
        "pengenalan-motivasi",
        "merek",
        "kemasan",
        "riset-pasar",
        "literasi-keuangan",
        "foto-produk",
        "videografi",
        "pemasaran-digital",
    ]
    assert list(content.modules) == list(content.module_pages)
    assert all(module.can_be_done for module in content.modules.values())


def test_a_module_holds_its_lessons_in_reading_order(merek):
    content = outline()
    assert content.modules[merek.translation_key].lessons == tuple(page.translation_key for page in make.lessons())
    assert content.lessons_of(merek.translation_key) == make.lessons()


def test_lessons_that_an_editor_moved_are_read_in_their_new_order(merek):
    first, *_, last = make.lessons()
    last.move(first, pos="left")
    assert outline().modules[merek.translation_key].lessons[:2] == (last.translation_key, first.translation_key)


def test_a_module_knows_its_prerequisites():
    content = outline()
    video, photo = make.module("videografi").translation_key, make.module("foto-produk").translation_key
    assert content.modules[video].prerequisites == (photo,)


def test_an_unpublished_lesson_is_not_there(merek):
    gone = make.lessons()[1]
    gone.unpublish()
    content = outline()
    assert gone.translation_key not in content.modules[merek.translation_key].lessons
    assert gone.translation_key not in content.lesson_pages


def test_an_unpublished_module_is_not_there_nor_anything_in_it(merek):
    lesson = make.lessons()[0].translation_key
    merek.unpublish()
    content = outline()
    assert merek.translation_key not in content.modules
    assert merek.translation_key not in content.quiz_pages
    assert lesson not in content.lesson_pages


def test_an_unpublished_quiz_is_not_there(merek):
    make.quiz().unpublish()
    content = outline()
    assert not content.modules[merek.translation_key].has_quiz
    assert merek.translation_key not in content.quiz_pages


def test_a_module_for_companions_alone_is_not_there(merek):
    merek.for_learners = False
    merek.save_revision().publish()
    assert merek.translation_key not in outline().modules


@pytest.mark.parametrize("published", [1, 8])
def test_the_outline_takes_four_queries(published, django_assert_num_queries):
    for module in ModulePage.objects.order_by("path")[published:]:
        module.unpublish()
    with django_assert_num_queries(4):
        content = outline()
    assert len(content.modules) == published


@pytest.mark.parametrize("unpublished", [1, 5])
def test_unpublished_lessons_take_the_same_queries_however_many(unpublished, django_assert_num_queries):
    lessons = make.lessons("pengenalan-motivasi")
    for lesson in lessons[:unpublished]:
        lesson.unpublish()
    content = outline(pages=False)
    with django_assert_num_queries(2):
        found = modules_of([lesson.translation_key for lesson in lessons], content)
    assert found == {lesson.translation_key: make.module("pengenalan-motivasi").translation_key for lesson in lessons}


# --- The people ---------------------------------------------------------------------------------------------------


def test_who_did_nothing_has_no_facts():
    person = make.learner(pin=None)
    assert facts_of([person]) == {person.pk: Facts()}


def test_the_facts_are_each_learners_own(merek):
    sari, dedi = make.learner(pin=None), make.learner(pin=None)
    make.finished(sari, "pengenalan-motivasi")
    make.read(sari)
    make.read(dedi)
    found = facts_of([sari, dedi])
    first, key = make.module("pengenalan-motivasi"), merek.translation_key
    read = frozenset(page.translation_key for page in make.lessons())
    read_first = frozenset(page.translation_key for page in first.live_lessons())
    assert found[dedi.pk] == Facts(read)  # the prerequisite keeps the quiz shut
    assert found[sari.pk] == Facts(
        read | read_first, frozenset([key, first.translation_key]), frozenset([first.translation_key])
    )


def test_a_quiz_begun_or_failed_is_not_passed():
    person = make.learner(pin=None)
    make.read(person, "pengenalan-motivasi")
    make.tried(person, "pengenalan-motivasi", right=0)
    make.answered(person, "pengenalan-motivasi")
    assert Attempt.objects.count() == 2
    assert facts_of([person])[person.pk].quizzes_passed == frozenset()


def test_facts_stay_when_their_content_is_no_longer_published(merek):
    person = make.learner(pin=None)
    make.read(person)
    before = facts_of([person])
    merek.unpublish()
    assert facts_of([person]) == before


@pytest.mark.parametrize("number", [1, 30])
def test_the_facts_of_any_number_of_learners_take_one_query(number, django_assert_num_queries):
    home = make.household()
    people = [make.learner(home, pin=None) for _ in range(number)]
    lesson = make.lessons()[0]
    for person in people:
        person.completions.create(
            lesson_key=lesson.translation_key,
            module_key=make.module().translation_key,
            completed_at="2026-11-22T10:00:00Z",
        )
    with django_assert_num_queries(1):
        found = facts_of(people)
    assert [len(found[person.pk].lessons_done) for person in people] == [1] * number
