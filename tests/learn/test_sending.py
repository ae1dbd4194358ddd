"""Work that a phone kept arrives: once, whole, for whom it is, in whatever order (docs/offline.md)."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from badges.models import BadgeAward
from learn import intake, rights, sending_views
from learn.items import canonical, digest_of, is_plain
from learn.models import RefusedWork, SentWork
from people.models import Consent, ErasedKey, SendingKey, TemporaryPin
from progress.models import LessonCompletion, QuizOpening
from quizzes.models import Attempt, WaitingAttempt, quiz_as_of
from tests import factories as make
from tests.learn.phone import answers_to, new_id, paper_of, phone_of
from tests.server import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
FIRST = "pengenalan-motivasi"


@pytest.fixture
def sari():
    return make.learner()


@pytest.fixture
def phone(sari):
    return phone_of(sari)


def reasons(answers: list[dict]) -> list[str]:
    return [answer.get("reason", answer["status"]) for answer in answers]


# --- Once ---------------------------------------------------------------------------------------------------------


def test_a_lesson_is_recorded_and_acknowledged(phone, sari):
    lesson = make.lessons(FIRST)[0]
    item = phone.lesson(lesson)
    assert phone.send(item) == [{"id": item["id"], "status": "sent"}]
    fact = LessonCompletion.objects.get()
    assert (fact.learner, fact.lesson_key) == (sari, lesson.translation_key)
    call_command("rebuild_progress", "--check")


def test_the_same_item_sent_again_is_acknowledged_and_counts_once(phone):
    """R2, R4: also where the first answer was lost on its way."""
    item = phone.lesson(make.lessons(FIRST)[0])
    assert phone.statuses(item, item) == ["sent", "sent"]
    assert phone.statuses(item) == ["sent"]
    assert (LessonCompletion.objects.count(), SentWork.objects.count()) == (1, 1)


def test_a_changed_copy_of_a_known_item_is_refused_and_the_first_stands(phone):
    """R2"""
    one, other = make.lessons(FIRST)[:2]
    item = phone.lesson(one)
    phone.send(item)
    changed = phone.lesson(other, id=item["id"])
    assert reasons(phone.send(changed, item)) == ["changed", "sent"]
    assert LessonCompletion.objects.get().lesson_key == one.translation_key
    assert RefusedWork.objects.get().reason == "changed"


def test_a_changed_copy_in_the_same_batch_is_refused(phone):
    """R2"""
    one, other = make.lessons(FIRST)[:2]
    item = phone.lesson(one)
    assert reasons(phone.send(item, phone.lesson(other, id=item["id"]))) == ["sent", "changed"]


def test_two_items_for_one_lesson_are_both_acknowledged_and_count_once(phone):
    lesson = make.lessons(FIRST)[0]
    assert phone.statuses(phone.lesson(lesson), phone.lesson(lesson)) == ["sent", "sent"]
    assert LessonCompletion.objects.count() == 1


def test_an_item_that_changed_on_its_way_is_not_acknowledged(phone):
    item = phone.lesson(make.lessons(FIRST)[0])
    item["work"]["lesson"] = str(make.lessons(FIRST)[1].translation_key)
    assert reasons(phone.send(item)) == ["damaged"]
    assert not SentWork.objects.exists()


def test_one_bad_item_never_holds_up_the_others(phone):
    good = [phone.lesson(lesson) for lesson in make.lessons(FIRST)]
    bad = [None, 7, "x", [], {}, phone.item("dance", {}), phone.item("lesson", {"lesson": "x"}), {"id": "x" * 99}]
    answers = phone.send(*good[:2], *bad, *good[2:])
    assert [answer["status"] for answer in answers] == ["sent"] * 2 + ["refused"] * len(bad) + ["sent"] * 3
    assert LessonCompletion.objects.count() == len(good)
    assert all(answer["text"].endswith(".") for answer in answers if answer["status"] == "refused")


def test_what_is_refused_is_kept_once_until_somebody_has_looked(phone, sari):
    item = phone.item("lesson", {"lesson": new_id()})
    assert reasons(phone.send(item)) == reasons(phone.send(item)) == ["lesson"]
    kept = RefusedWork.objects.get()
    assert (kept.user, kept.item_id, kept.seen_at) == (sari.user, item["id"], None)
    assert json.loads(kept.content) == item


def test_a_lesson_that_is_no_longer_published_is_taken_all_the_same(phone):
    """She read it when it was there; editors' work takes nothing of hers away."""
    lesson = make.lessons(FIRST)[0]
    lesson.unpublish()
    assert phone.statuses(phone.lesson(lesson)) == ["sent"]
    assert LessonCompletion.objects.get().module_key == make.module(FIRST).translation_key
    call_command("rebuild_progress", "--check")


def test_the_last_lesson_opens_the_quiz(phone):
    phone.send(*[phone.lesson(lesson) for lesson in make.lessons(FIRST)])
    assert QuizOpening.objects.get().module_key == make.module(FIRST).translation_key


@pytest.mark.parametrize("at", ["1996-01-01T00:00:00Z", "2056-12-31T23:59:59+14:00", "jam rusak", ""])
def test_the_phones_clock_changes_no_result(phone, at):
    """R6"""
    before = timezone.now()
    assert phone.statuses(phone.lesson(make.lessons(FIRST)[0], at=at)) == ["sent"]
    assert before <= LessonCompletion.objects.get().completed_at <= timezone.now()
    assert SentWork.objects.get().phone_clock == at


# --- Whose work it is ---------------------------------------------------------------------------------------------


def test_work_under_anothers_key_is_credited_to_nobody(phone, sari):
    """R8: a phone that mixes up its profiles harms none of them."""
    dedi = make.learner(sari.household)
    item = phone_of(dedi).lesson(make.lessons(FIRST)[0])
    assert reasons(phone.send(item)) == ["owner"]
    assert not LessonCompletion.objects.exists()
    assert RefusedWork.objects.get().content == "", "Sari may take her data along, and this is Dedi's"


def test_an_id_that_belongs_to_another_learner_is_not_acknowledged(phone, sari):
    """R8"""
    dedi = make.learner(sari.household)
    item = phone.lesson(make.lessons(FIRST)[0])
    phone.send(item)
    assert reasons(phone_of(dedi).send(phone_of(dedi).lesson(make.lessons(FIRST)[0], id=item["id"]))) == ["changed"]
    assert LessonCompletion.objects.get().learner == sari


def test_work_leaves_after_signing_out(phone, sari, client):
    client.force_login(sari.user)
    client.post("/keluar/")
    assert phone.statuses(phone.lesson(make.lessons(FIRST)[0])) == ["sent"]


def test_a_session_alone_sends_nothing(phone, sari):
    phone.client.force_login(sari.user)
    response = phone.post({"epoch": None, "serial": 0, "items": []}, key="")
    assert (response.status_code, response.json()["reason"]) == (401, "key")


def test_a_key_ends_when_the_companion_gives_a_temporary_pin(phone, sari, rf):
    TemporaryPin.objects.issue(sari, by=make.companion().user, request=rf.get("/"))
    response = phone.post({"epoch": None, "serial": 0, "items": [phone.lesson(make.lessons(FIRST)[0])]})
    assert (response.status_code, response.json()["reason"]) == (401, "key")
    assert not LessonCompletion.objects.exists()


def test_a_key_sleeps_while_consent_is_withdrawn_and_wakes_with_a_new_one(phone, sari):
    rina = make.companion().user
    item = phone.lesson(make.lessons(FIRST)[0])
    Consent.objects.withdraw(sari, by=sari.user)
    assert phone.post({"epoch": None, "serial": 0, "items": [item]}).status_code == 401
    assert not LessonCompletion.objects.exists()
    Consent.objects.give(sari, method=Consent.Method.AT_THE_DOOR, by=rina)
    assert phone.statuses(item) == ["sent"]


def test_who_has_not_agreed_to_todays_text_is_told_so(phone, sari):
    Consent.objects.update(version="2020-01")
    response = phone.post({"epoch": None, "serial": 0, "items": []})
    assert (response.status_code, response.json()["reason"]) == (403, "consent")
    assert response.json()["text"].startswith("Buka Belajar"), "her session lasts 90 days: she is signed in"


def test_the_key_is_stored_nowhere(phone):
    stored = json.dumps(list(SendingKey.objects.values()), default=str)
    assert phone.key not in stored


def test_an_account_has_at_most_twenty_keys_and_the_one_in_use_stays(phone, sari):
    phone.send()
    for _ in range(25):
        phone_of(sari)
    assert SendingKey.objects.count() == 20
    assert phone.statuses(phone.lesson(make.lessons(FIRST)[0])) == ["sent"]


def test_one_accounts_phones_take_no_room_from_anothers(sari):
    dedi = phone_of(make.learner(sari.household))
    for _ in range(20):
        phone_of(sari)
    assert dedi.statuses(dedi.lesson(make.lessons(FIRST)[0])) == ["sent"]


def test_keys_that_have_ended_take_no_phones_room(sari):
    """They had been used, and a new one was not yet: her second phone took the first one's away."""
    for _ in range(20):
        phone_of(sari).send()
    SendingKey.objects.update(sessions="of the PIN before")
    first, _ = phone_of(sari), phone_of(sari)
    assert first.statuses(first.lesson(make.lessons(FIRST)[0])) == ["sent"]
    assert SendingKey.objects.exclude(sessions="of the PIN before").count() == 2
    assert SendingKey.objects.count() == 20


@pytest.mark.parametrize("path", ["", f"berkas/{new_id()}/", "keluarga/"])
def test_a_phone_is_told_that_its_learner_was_erased_elsewhere_and_others_send_on(phone, sari, path):
    dedi = phone_of(make.learner(sari.household))
    rights.erase(sari)
    response = phone.post([], path=f"/belajar/kirim/{path}")
    assert (response.status_code, response.json()["reason"]) == (410, "erased")
    assert dedi.statuses(dedi.lesson(make.lessons(FIRST)[0])) == ["sent"]


def test_a_phone_that_sends_while_its_learner_is_erased_asks_again_and_is_told(phone, sari, monkeypatch):
    read_batch = sending_views.read_batch

    def erased_meanwhile(body):
        rights.erase(sari)
        return read_batch(body)

    monkeypatch.setattr(sending_views, "read_batch", erased_meanwhile)
    batch = phone.batch([phone.lesson(make.lessons(FIRST)[0])])
    assert phone.post(batch).status_code == 503
    assert phone.post(batch).status_code == 410


def test_a_phone_whose_key_had_ended_is_told_that_its_learner_was_erased(phone, sari):
    sari.user.set_password(make.PIN)
    sari.user.save()
    assert phone.post(phone.batch([])).status_code == 401
    phone_of(sari)
    rights.erase(sari)
    assert phone.post(phone.batch([])).status_code == 410


def test_a_phone_whose_learner_withdrew_before_she_was_erased_is_told(phone, sari):
    rights.withdraw(sari, by=sari.user)
    assert phone.post(phone.batch([])).status_code == 401, "she may come back"
    rights.erase(sari)
    assert phone.post(phone.batch([])).status_code == 410


def test_what_is_kept_of_an_erased_learners_key_opens_nothing_and_names_nobody(phone, sari):
    rights.erase(sari)
    assert not SendingKey.objects.exists()
    assert phone.key not in json.dumps(list(ErasedKey.objects.values()), default=str)
    assert {field.name for field in ErasedKey._meta.get_fields()} == {"id", "digest", "erased_at"}


@pytest.mark.parametrize("path", ["/belajar/", "/belajar/data/", "/belajar/data/unduh/", "/saya/", "/belajar/kirim/"])
def test_the_key_reads_nothing(phone, client, path):
    """R9"""
    response = client.get(path, headers={"Authorization": f"Bearer {phone.key}"})
    assert response.status_code in (302, 405)


def test_answers_tell_nothing_about_what_the_learner_has_done(sari):
    """R9: the same batch gets the same answer, whether she has done everything or nothing."""
    dedi = make.learner(sari.household)
    make.finished(sari, FIRST)
    told = []
    for person in (sari, dedi):
        phone = phone_of(person)
        answers = phone.send(
            phone.lesson(make.lessons(FIRST)[0], id="019aab10-7c00-7000-8000-abcdefabcdef"[:-1] + str(person.pk % 10))
        )
        told.append([{key: value for key, value in answer.items() if key != "id"} for answer in answers])
    assert told[0] == told[1]


# --- What is no batch ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        (b"", 400, "shape"),
        (b"{", 400, "shape"),
        (b"\xff\xfe", 400, "shape"),
        (b"[]", 400, "shape"),
        (b"null", 400, "shape"),
        (b'{"items": []}', 400, "shape"),
        (b'{"epoch": null, "serial": -1, "items": []}', 400, "shape"),
        (b'{"epoch": null, "serial": true, "items": []}', 400, "shape"),
        (b'{"epoch": 7, "serial": 0, "items": []}', 400, "shape"),
        (b'{"epoch": null, "serial": 0, "items": {}}', 400, "shape"),
        (b'{"epoch": null, "serial": ' + b"9" * 5000 + b', "items": []}', 400, "shape"),
        (b"[" * 1_000_000, 400, "shape"),
        (b'{"epoch": null, "serial": 0, "items": [' + b"1," * 200 + b"1]}", 413, "size"),
        (b'{"epoch": null, "serial": 0, "items": [' + b"1," * 1_000_000 + b"1]}", 413, "size"),
        (b" " * (2 * 1024 * 1024 + 1), 413, "size"),
    ],
)
def test_what_is_no_batch_is_refused_in_words(phone, body, status, reason):
    response = phone.post(body)
    assert (response.status_code, response.json()["reason"]) == (status, reason)
    assert response.json()["text"].endswith(".")
    assert not SentWork.objects.exists()


@pytest.mark.parametrize("key", ["", "x", "é" * 43, "a" * 100_000])
def test_a_guessed_key_is_refused(phone, key):
    """Not as one of somebody who was erased: a phone that is told so lets go of its work."""
    ErasedKey.objects.note([digest_of(b"another's")], timezone.now())
    response = phone.post({"epoch": None, "serial": 0, "items": []}, key=key.encode().decode("latin-1"))
    assert (response.status_code, response.json()["reason"]) == (401, "key")


def test_an_item_nested_as_deep_as_json_may_be_is_refused_alone(phone):
    deep = b"[" * 500 + b"]" * 500
    item = json.dumps(phone.lesson(make.lessons(FIRST)[0])).encode()
    response = phone.post(b'{"epoch": null, "serial": 0, "items": [' + deep + b"," + item + b"]}")
    assert [answer["status"] for answer in response.json()["items"]] == ["refused", "sent"]


@pytest.mark.parametrize("used", [{"batches": 300}, {"items": 6000}])
def test_what_is_too_much_for_a_while_waits_and_loses_nothing(phone, used):
    now = timezone.now()
    SendingKey.objects.update(while_began_at=now - timedelta(minutes=9), **used)
    item = phone.lesson(make.lessons(FIRST)[0])
    response = phone.post({"epoch": None, "serial": 0, "items": [item]})
    assert (response.status_code, response.json()["reason"]) == (429, "often")
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert not LessonCompletion.objects.exists()
    SendingKey.objects.update(while_began_at=now - timedelta(minutes=11))
    assert phone.statuses(item) == ["sent"]


def test_a_stolen_key_does_not_fill_the_disk_with_what_is_refused(phone, sari):
    now = timezone.now()
    RefusedWork.objects.bulk_create(
        RefusedWork(user=sari.user, digest=f"{n:064}", reason="shape", refused_at=now) for n in range(499)
    )
    assert phone.statuses(1, 2, 3) == ["refused"] * 3
    assert RefusedWork.objects.count() == 500


def test_refused_work_of_another_and_what_was_looked_at_take_no_room(phone, sari):
    now, dedi = timezone.now(), make.learner(sari.household)
    RefusedWork.objects.bulk_create(
        RefusedWork(user=user, digest=f"{n:064}", reason="shape", refused_at=now, seen_at=seen_at)
        for user, seen_at in ((dedi.user, None), (sari.user, now))
        for n in range(500)
    )
    assert phone.statuses(1) == ["refused"]
    assert RefusedWork.objects.unseen().filter(user=sari.user).count() == 1


# --- A quiz -------------------------------------------------------------------------------------------------------


def test_a_paper_has_everything_to_answer_and_nothing_of_the_key(sari):
    quiz = make.quiz(FIRST)
    paper = paper_of(sari, quiz)
    assert len(paper["questions"]) == 10
    told = json.dumps(paper)
    for asked in quiz.asked:
        assert asked.value["explanation"] not in told
        assert asked.rule.kind == "true_false" or not any(id in told for id in asked.rule.options)
    assert paper["gate"]["state"] == "locked"
    assert paper["gate"]["missing_lessons"] == [str(lesson.translation_key) for lesson in make.lessons(FIRST)]


def test_a_paper_is_shuffled_for_each_learner_and_stays_so_for_her(sari):
    dedi = make.learner(sari.household)
    quiz = make.quiz(FIRST)
    mine, his = paper_of(sari, quiz), paper_of(dedi, quiz)
    assert mine == paper_of(sari, quiz)
    assert mine["questions"] != his["questions"]
    assert mine["draws"] != his["draws"]


def test_a_paper_tells_which_lessons_are_done_also_where_the_quiz_is_passed(sari):
    make.finished(sari, FIRST)
    first, *done = [str(lesson.translation_key) for lesson in make.lessons(FIRST)]
    sari.completions.filter(lesson_key=first).delete()
    paper = paper_of(sari, make.quiz(FIRST))
    assert (paper["gate"]["state"], paper["lessons_done"]) == ("done", done)


def test_a_phone_that_has_the_paper_is_sent_it_again_only_when_it_has_changed(client, sari):
    client.force_login(sari.user)
    address = f"/belajar/kuis/{make.quiz(FIRST).translation_key}/luring/"
    tag = {"If-None-Match": client.get(address)["ETag"]}
    assert client.get(address, headers=tag).status_code == 304
    make.read(sari, FIRST)
    assert client.get(address, headers=tag).json()["gate"]["state"] == "open"


@pytest.mark.parametrize("slug", [FIRST, "merek", "literasi-keuangan", "kemasan"])
@pytest.mark.parametrize(("right", "passed"), [(None, True), (0, False)])
def test_an_attempt_from_a_phone_is_judged_as_one_online(phone, sari, slug, right, passed):
    quiz = make.quiz(slug)
    if slug != FIRST:
        make.finished(sari, FIRST)
    make.read(sari, slug)
    paper = paper_of(sari, quiz)
    item = phone.quiz(paper, answers_to(paper, quiz, right=right))
    assert phone.send(item) == [{"id": item["id"], "status": "sent"}]
    attempt = Attempt.objects.get(pk=item["id"])
    total = len(paper["questions"])
    assert (attempt.right, attempt.total, attempt.passed) == (total if passed else 0, total, passed)
    assert (attempt.revision_id, attempt.pass_mark) == (paper["revision"], 70)
    assert attempt.answers.filter(is_right=True).count() == attempt.right
    assert attempt.answers.count() == total
    assert BadgeAward.objects.filter(learner=sari, badge=make.badge(slug)).exists() is passed
    call_command("rebuild_progress", "--check")


def test_the_locked_quiz_says_that_an_attempt_from_the_phone_is_kept(client, phone, sari):
    client.force_login(sari.user)
    quiz = make.quiz(FIRST)
    kept = "Jawaban kuis dari HP sudah tersimpan."
    assert kept not in client.get(quiz.url).text
    paper = paper_of(sari, quiz)
    phone.send(phone.quiz(paper, answers_to(paper, quiz)))
    assert kept in client.get(quiz.url).text


def test_an_attempt_before_its_lessons_waits_and_counts_with_the_last_of_them(phone, sari):
    quiz = make.quiz(FIRST)
    paper = paper_of(sari, quiz)
    item = phone.quiz(paper, answers_to(paper, quiz))
    (answer,) = phone.send(item)
    assert (answer["status"], answer["waits"]) == ("sent", True)
    assert not Attempt.objects.exists()
    *early, last = make.lessons(FIRST)
    phone.send(*[phone.lesson(lesson) for lesson in early])
    (again,) = phone.send(item)
    assert again["waits"] is True
    phone.send(phone.lesson(last))
    assert Attempt.objects.get(pk=item["id"]).passed
    assert not WaitingAttempt.objects.exists()
    assert phone.send(item) == [{"id": item["id"], "status": "sent"}]
    call_command("rebuild_progress", "--check")


def test_a_waiting_attempt_counts_when_the_lesson_is_done_online(phone, sari):
    quiz = make.quiz(FIRST)
    paper = paper_of(sari, quiz)
    phone.send(phone.quiz(paper, answers_to(paper, quiz)))
    make.read(sari, FIRST)
    assert BadgeAward.objects.filter(learner=sari).count() == 1


def test_a_chain_of_waiting_quizzes_counts_from_its_missing_link(phone, sari):
    """«merek» needs «pengenalan-motivasi» first; everything of both came before the first one's last lesson."""
    items = []
    for slug in ("merek", FIRST):
        quiz = make.quiz(slug)
        paper = paper_of(sari, quiz)
        items.append(phone.quiz(paper, answers_to(paper, quiz)))
        items += [phone.lesson(lesson) for lesson in make.lessons(slug)]
    *most, missing = items
    phone.send(*most)
    assert not Attempt.objects.exists()
    phone.send(missing)
    assert Attempt.objects.filter(passed=True).count() == 2
    assert BadgeAward.objects.filter(learner=sari).count() == 2
    call_command("rebuild_progress", "--check")


def test_a_quiz_counts_for_its_module_also_after_the_modules_changed_places(phone, sari):
    """Its revision was read before they did, and knows the places of then."""
    make.read(sari, FIRST)
    quiz = make.quiz(FIRST)
    paper = paper_of(sari, quiz)
    quiz_as_of(quiz.live_revision)
    make.module("merek").move(make.module(FIRST), pos="left")
    phone.send(phone.quiz(paper, answers_to(paper, quiz)))
    assert Attempt.objects.get().module_key == make.module(FIRST).translation_key


def test_a_waiting_attempt_whose_quiz_the_editors_open_counts_when_she_begins_the_quiz(client, phone, sari):
    module, quiz = make.module(FIRST), make.quiz(FIRST)
    module.practice_needed = "quiz"
    module.save()
    make.read(sari, FIRST)
    paper = paper_of(sari, quiz)
    phone.send(phone.quiz(paper, answers_to(paper, quiz)))
    module.practice_needed = "none"
    module.save()
    client.force_login(sari.user)
    begun = client.post(f"/belajar/kuis/{quiz.translation_key}/mulai/", follow=True)
    assert "Selamat" in begun.text, "she is asked nothing anew"
    assert Attempt.objects.get().passed and BadgeAward.objects.count() == 1
    assert not WaitingAttempt.objects.exists()


def test_an_attempt_is_judged_by_the_revision_that_it_was_taken_with(phone, sari):
    make.read(sari, FIRST)
    quiz = make.quiz(FIRST)
    paper = paper_of(sari, quiz)
    item = phone.quiz(paper, answers_to(paper, quiz, right=7))
    quiz.pass_mark = 100
    del quiz.questions[2:]
    quiz.save_revision().publish()
    phone.send(item)
    attempt = Attempt.objects.get()
    assert (attempt.right, attempt.total, attempt.pass_mark, attempt.passed) == (7, 10, 70, True)


def test_each_attempt_of_a_paper_asks_the_questions_of_its_draw(phone, sari):
    make.read(sari, FIRST)
    quiz = make.quiz(FIRST)
    quiz.draw = 4
    quiz.save_revision().publish()
    paper = paper_of(sari, quiz)
    assert len({frozenset(draw) for draw in paper["draws"]}) > 1
    for number, draw in enumerate(paper["draws"]):
        item = phone.quiz(paper, answers_to(paper, quiz, draw=number), draw=number)
        phone.send(item)
        attempt = Attempt.objects.get(pk=item["id"])
        assert [asked.id for asked in attempt.asked] == draw
        assert (attempt.right, attempt.total) == (4, 4)


def test_a_revision_that_was_never_published_is_refused(phone, sari):
    """Else an editor's easy draft would be a way in."""
    make.read(sari, FIRST)
    quiz = make.quiz(FIRST)
    paper = paper_of(sari, quiz) | {"revision": quiz.save_revision().pk}
    assert reasons(phone.send(phone.quiz(paper, {}))) == ["quiz"]


def test_the_revision_of_another_page_is_refused(phone, sari):
    paper = paper_of(sari, make.quiz(FIRST))
    lesson = make.lessons(FIRST)[0].latest_revision_id
    for revision in (lesson, make.quiz("merek").latest_revision_id, 2**31 - 1):
        assert reasons(phone.send(phone.quiz(paper | {"revision": revision}, {}))) == ["quiz"]


def test_what_the_form_would_not_take_counts_as_not_answered(phone, sari):
    make.read(sari, "literasi-keuangan")
    make.finished(sari, FIRST)
    quiz = make.quiz("literasi-keuangan")
    paper = paper_of(sari, quiz)
    nonsense = {question["id"]: ["99", "x", "", "99"] for question in paper["questions"]} | {"tidak-ada": ["0"]}
    item = phone.quiz(paper, nonsense)
    phone.send(item)
    attempt = Attempt.objects.get(pk=item["id"])
    assert (attempt.right, attempt.answers.count()) == (0, 0)


def test_attempts_without_a_signal_are_never_refused_for_the_days_limit_and_take_none_of_it(phone, sari):
    make.read(sari, FIRST)
    quiz = make.quiz(FIRST)
    quiz.attempts_per_day = 1
    quiz.save_revision().publish()
    paper = paper_of(sari, quiz)
    phone.send(*[phone.quiz(paper, {}) for _ in range(3)])
    assert Attempt.objects.count() == 3
    assert intake.begin_attempt(sari, make.quiz(FIRST))


# --- What the server has forgotten --------------------------------------------------------------------------------


def test_a_phone_is_not_asked_again_for_no_reason(phone):
    for _ in range(3):
        phone.send(phone.lesson(make.lessons(FIRST)[0]))
        assert phone.send_again is False


def test_an_old_copy_put_back_by_hand_is_noticed_and_filled(phone):
    """R7: the same epoch, but fewer batches than the phone was told of."""
    one, other = (phone.lesson(lesson) for lesson in make.lessons(FIRST)[:2])
    phone.send(one)
    kept = [list(model.objects.all()) for model in (SendingKey, SentWork, LessonCompletion)]
    phone.send(other)
    SendingKey.objects.all().delete()
    SentWork.objects.all().delete()
    LessonCompletion.objects.all().delete()
    for rows in kept:
        type(rows[0]).objects.bulk_create(rows)
    phone.send()
    assert phone.send_again
    assert phone.statuses(one, other) == ["sent", "sent"]
    assert phone.send_again is False
    assert LessonCompletion.objects.count() == 2


def test_a_new_key_has_everything_sent_again_once(phone, sari):
    items = [phone.lesson(lesson) for lesson in make.lessons(FIRST)[:3]]
    for item in items:
        phone.keep(item)
        phone.send(item)
    phone.key = phone_of(sari).key
    phone.send()
    assert phone.send_again
    assert list(phone.outbox.values()) == items
    phone.send(*items)
    assert (phone.send_again, phone.serial, phone.outbox) == (False, 2, {})


EXAMPLES = json.loads((ROOT / "tests/learn/digests.json").read_text())


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["name"] for example in EXAMPLES])
def test_a_digest_is_the_one_that_javascript_makes(example):
    """The examples were made by JSON.stringify; the phone's own code must reproduce them too."""
    assert is_plain(example["item"])
    assert digest_of(canonical(example["item"])) == example["digest"]
