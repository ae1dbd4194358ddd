"""A companion with 400 households and 1,000 answers: each screen asks the database as often as with one household."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people.models import Companion, Companionship, Household, HouseholdEvent, Learner, User
from progress.facts import outline
from progress.models import LessonCompletion, ModuleAssignment, ModuleProgress
from quizzes.models import Answer, Attempt
from tests import factories as make
from tests.pages import soup

pytestmark = pytest.mark.django_db
KB = 1024
ANSWERS = 1000
QUERIES = {
    "": 20,
    "keluarga/": 20,
    "keluarga/?cari=sari": 20,
    "keluarga/?keadaan=diam-7": 20,
    "keluarga/?kelompok={group}&keadaan=diam-7&cari=keluarga": 20,
    "keluarga/?sesudah={pk}": 21,
    "keluarga/{pk}/": 28,
    "keluarga/{pk}/pesan/": 17,
    "keluarga/{pk}/kunjungan/": 8,
    "keluarga/{pk}/data/": 9,
    "keluarga/{pk}/riwayat/": 9,
    "tugaskan/": 17,
    "rekap/": 16,
}


def crowd(rina: Companion, number: int) -> Household:
    """So many households of hers, each quiet in its own way, with ANSWERS answers among them; returns the first."""
    group, ago = make.group(), timezone.now() - timedelta(days=9)
    homes = [
        Household(name=f"Keluarga {place:04}", region=group.region, group=group, phone="+6281200001111")
        for place in range(number)
    ]
    Household.objects.bulk_create(homes)
    Companionship.objects.bulk_create(Companionship(household=home, companion=rina) for home in homes)
    users = [User(username=f"P{place:07}", first_name="Sari", password=make_password(None)) for place in range(number)]
    User.objects.bulk_create(users)
    people = [
        Learner(user=user, household=home, first_name="Sari", address_form="ibu")
        for user, home in zip(users, homes, strict=True)
    ]
    Learner.objects.bulk_create(people)
    module, lesson = make.module(), make.lessons()[0]
    key, quiz = module.translation_key, make.quiz()
    LessonCompletion.objects.bulk_create(
        LessonCompletion(learner=person, lesson_key=lesson.translation_key, module_key=key, completed_at=ago)
        for person in people
    )
    terms = {"quiz_key": quiz.translation_key, "module_key": key, "revision": quiz.live_revision, "pass_mark": 70}
    judged = {"started_at": ago, "submitted_at": ago, "right": 0, "total": 10, "passed": False}
    attempts = [Attempt(learner=person, **terms, **judged) for person in people for _ in range(2)]
    Attempt.objects.bulk_create(attempts)
    Answer.objects.bulk_create(
        Answer(attempt=attempts[n % len(attempts)], question_id=str(n), response=["1"], answered_at=ago)
        for n in range(ANSWERS)
    )
    ModuleProgress.objects.bulk_create(
        ModuleProgress(learner=person, module_key=key, last_fact_at=ago) for person in people
    )
    given = {"module_key": key, "due_on": timezone.localdate(), "assigned_by": rina.user, "assigned_at": ago}
    ModuleAssignment.objects.bulk_create(ModuleAssignment(household=home, **given) for home in homes)
    HouseholdEvent.objects.bulk_create(
        HouseholdEvent(household=home, kind=HouseholdEvent.Kind.CONTACTED, at=ago, by=rina.user) for home in homes
    )
    return homes[0]


@pytest.mark.parametrize("households", [1, 50, 400])
def test_each_screen_takes_the_same_queries(client, rina, households):
    home = crowd(rina, households)
    outline(pages=False)  # kept from now on
    taken = {}
    for path in QUERIES:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get("/dampingan/" + path.format(pk=home.pk, group=home.group_id))
        assert response.status_code == 200, path
        taken[path] = len(queries)
    if households == 1:
        taken["keluarga/?sesudah={pk}"] += 9  # nobody comes after the only one, so nothing is loaded
    assert taken == QUERIES


@pytest.mark.parametrize("households", [1, 50, 400])
def test_giving_a_module_to_all_takes_the_same_queries(client, rina, households):
    crowd(rina, households)
    sent = {"module": str(make.module("kemasan").translation_key), "word": "Ayo!"}
    with CaptureQueriesContext(connection) as shown:
        client.post("/dampingan/tugaskan/", sent)
    with CaptureQueriesContext(connection) as done:
        client.post("/dampingan/tugaskan/", sent | {"pasti": "ya"})
    assert ModuleAssignment.objects.filter(word="Ayo!").count() == households
    new_rows = [query for query in done if query["sql"].startswith("INSERT")]  # as many at once as the database takes
    assert (len(shown), len(done) - len(new_rows)) == (19, 20)


@pytest.mark.parametrize("path", ["", "keluarga/"])
def test_with_400_households_it_opens_in_one_request_of_at_most_60_kb(client, rina, path):
    """Not even compressed."""
    crowd(rina, 400)
    response = client.get(f"/dampingan/{path}")
    assert len(response.content) <= 60 * KB
    assert len(soup(response).select("ul.grid > li")) >= 8
    fetched = soup(response).select("script[src], img[src], link[rel=stylesheet], iframe, link[rel=preload]")
    assert fetched == []
