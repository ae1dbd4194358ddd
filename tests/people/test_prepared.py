"""Statements whose SQL is made once: the same answers as Django's own, again and again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from uuid import UUID

import psycopg
import pytest
from django.core.signals import request_started
from django.db import DatabaseError, connection, transaction
from django.db.backends.postgresql import base as postgresql
from django.utils import timezone

from people.models import Learner
from people.prepared import Prepared, PreparedModels, PreparedUpdate
from progress.models import LessonCompletion
from quizzes.models import Answer
from tests import factories as make

pytestmark = pytest.mark.django_db

completions = Prepared(
    lambda learners, lessons: (
        LessonCompletion.objects.filter(learner__in=[learners], lesson_key__in=[lessons])
        .order_by("learner", "lesson_key")
        .values_list("learner", "lesson_key", "completed_at")
    ),
    learners=int,
    lessons=UUID,
)
since = Prepared(
    lambda learner, moment: LessonCompletion.objects.filter(learner=learner, completed_at__gte=moment).values_list(
        "lesson_key"
    ),
    learner=int,
    moment=datetime,
)
named = Prepared(lambda name: Learner.objects.filter(first_name=name).values_list("pk"), name=str)
one = PreparedModels(
    lambda pk: Learner.objects.with_hindrances().select_related("household").defer("household__name").filter(pk=pk),
    pk=int,
)
rename = PreparedUpdate(
    lambda pk, name: (Learner.objects.filter(pk=pk), {"first_name": name, "last_name": ""}), pk=int, name=str
)


@pytest.fixture
def people():
    people = [make.learner(pin=None) for _ in range(3)]
    for person in people:
        for lesson in make.lessons("merek")[:3]:
            LessonCompletion.objects.record(person, lesson.translation_key, make.module("merek").translation_key)
    return people


def keys(count: int) -> list[UUID]:
    return [lesson.translation_key for lesson in make.lessons("merek")[:count]]


@pytest.mark.parametrize(("learners", "lessons"), [(1, 1), (3, 1), (1, 3), (2, 2), (3, 3)])
def test_it_answers_as_the_queryset_does_for_one_and_for_many(people, learners, lessons):
    ids = [person.pk for person in people[:learners]]
    wanted = LessonCompletion.objects.filter(learner__in=ids, lesson_key__in=keys(lessons))
    right = wanted.order_by("learner", "lesson_key").values_list("learner", "lesson_key", "completed_at")
    assert completions(learners=ids, lessons=keys(lessons)) == list(right)
    assert len(right) == learners * lessons


def test_equal_lists_are_each_its_own(people):
    """Equal keys and moments are converted once; a list somebody may change."""
    make.read(people[0], "pengenalan-motivasi")
    attempt = make.answered(people[0], "pengenalan-motivasi")
    attempt.answers.update(response=["a", "b"])
    given = PreparedModels(lambda attempt: Answer.objects.filter(attempt=attempt), attempt=UUID)
    first, second, *_ = given(attempt=attempt.pk)
    first.response.append("c")
    assert second.response == ["a", "b"]


def test_values_may_be_moments_and_texts(people):
    assert len(since(learner=people[0].pk, moment=timezone.now() - make.A_DAY)) == 3
    assert since(learner=people[0].pk, moment=timezone.now() + make.A_DAY) == []
    assert named(name=people[0].first_name) != []


@pytest.mark.parametrize("name", ["'; DROP TABLE people_learner; --", "100 %s", "%(pk)s", "?", "Ñ «é» 🙂", ""])
def test_a_value_is_never_read_as_sql(people, name):
    assert named(name=name) == []
    rename(pk=people[0].pk, name=name)
    assert named(name=name) == [(people[0].pk,)]


def test_a_model_comes_with_what_is_selected_and_annotated(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        [found] = one(pk=people[0].pk)
        assert (found, found.household.region_id) == (people[0], people[0].household.region_id)
        assert (found.must_choose_pin, found.has_consent) == (False, True)
    with django_assert_num_queries(1):
        assert found.household.name == people[0].household.name
    found.save()


def test_an_update_tells_how_many_rows_there_were(people):
    assert rename(pk=people[0].pk, name="Wati") == 1
    assert rename(pk=0, name="Wati") == 0
    assert Learner.objects.get(first_name="Wati") == people[0]


def test_it_is_counted_like_any_query(people, django_assert_num_queries):
    with django_assert_num_queries(2):
        named(name="Sari")
        rename(pk=people[0].pk, name="Wati")


def test_a_lookup_that_changes_what_it_is_given_is_refused():
    begins = Prepared(lambda name: Learner.objects.filter(first_name__startswith=name).values_list("pk"), name=str)
    with pytest.raises(ValueError, match="name"):
        begins(name="Sari")


def test_an_error_is_djangos_own_and_leaves_the_connection_usable(people):
    broken = Prepared(
        lambda pk: Learner.objects.filter(pk=pk).values_list("pk"), around="SELECT nothing FROM ({}) AS a", pk=int
    )
    with pytest.raises(DatabaseError), transaction.atomic():
        broken(pk=1)
    assert Learner.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_connects_by_itself():
    connection.close()
    assert named(name="Sari") == []


def lose_the_connection() -> None:
    """What a restart of PostgreSQL leaves behind. SQLite has no connection that could be lost."""
    if connection.vendor == "postgresql":
        pid = connection.connection.info.backend_pid
        with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as another:
            another.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_a_request_after_the_database_was_restarted_is_answered():
    def requests() -> list[tuple]:
        named(name="Siapa")
        lose_the_connection()
        request_started.send(sender=None)  # where Django begins to ask whether the connection still lives
        try:
            return named(name="Siapa")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:  # with a connection of its own
        assert thread.submit(requests).result() == []


def test_a_connection_that_was_left_in_the_midst_of_something_is_not_used_again():
    def requests() -> list[tuple]:
        named(name="Siapa")
        if connection.vendor == "postgresql":
            connection.connection.pgconn.send_query(b"SELECT pg_sleep(5)")  # nobody waits for its answer
        request_started.send(sender=None)
        try:
            return named(name="Siapa")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(requests).result() == []


def test_a_connection_that_lives_is_not_asked_whether_it_does(monkeypatch):
    monkeypatch.setattr(postgresql.DatabaseWrapper, "is_usable", None)

    def requests() -> list[tuple]:
        named(name="Siapa")
        request_started.send(sender=None)
        try:
            return named(name="Siapa")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(requests).result() == []
