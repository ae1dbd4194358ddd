"""What the server gives a phone to take along: the same for everyone, and whole."""

import json
import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.contrib.staticfiles import finders

from courses import weight
from courses.models import LessonPage
from people.models import Household
from tests import factories as make
from tests.learn.test_languages import choose, translated
from tests.pages import soup

pytestmark = pytest.mark.django_db


def test_the_service_worker_keeps_only_what_is_there(client):
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    files = re.findall(r'^  "([^"]+)",$', response.text, re.M)
    files = [json.loads(f'"{name}"') for name in files]
    assert {"/luring/", "/belajar/kiriman/", "/luring/kuis/", "/luring/praktik/", "/luring/dampingan/"} <= set(files)
    for name in files:
        if name.startswith("/static/"):
            assert finders.find(re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", name).removeprefix("/static/")), name
        else:
            assert client.get(name).status_code == 200, name


@pytest.mark.parametrize("accepted", ["", "gzip", "br", "zstd"])
def test_a_phone_that_looks_for_a_new_service_worker_is_sent_it_only_where_it_is_new(client, accepted):
    headers = {"Accept-Encoding": accepted}
    tag = client.get("/sw.js", headers=headers)["ETag"]
    again = client.get("/sw.js", headers=headers | {"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"].removeprefix("W/") == tag.removeprefix("W/")  # the same, packed or not
    assert "no-cache" in again["Cache-Control"]
    assert client.get("/sw.js", headers=headers | {"If-None-Match": '"older"'}).status_code == 200


def test_pages_for_the_phone_are_the_same_for_everyone(client):
    """P7: nobody's state is in them, so that none is left on a shared phone."""
    before = client.get("/luring/").text
    client.force_login(make.learner(pin=None).user)
    name = client.get("/belajar/").context["learner"].first_name
    assert name in client.get("/belajar/").text
    client.logout()
    assert client.get("/luring/").text == before
    assert name not in before


def test_the_list_of_a_module_names_each_page_with_its_bytes_and_version(client):
    module = make.module("merek")
    told = client.get(f"/modul-luring/{module.translation_key}.json").json()
    pages = [file for file in told["files"] if file["kind"] == "words"]
    assert [file["url"] for file in pages] == [module.url, *(lesson.url for lesson in make.lessons("merek"))]
    assert all(file["bytes"] > 0 and file["version"] for file in told["files"])
    assert told["quiz"] == str(make.quiz("merek").translation_key)


@pytest.fixture
def changed_by(client, committed) -> Callable[[Callable], set[str]]:
    """The addresses of «Merek» whose version something changes."""
    address = f"/modul-luring/{make.module('merek').translation_key}.json"

    def versions() -> dict[str, str]:
        return {file["url"]: file["version"] for file in client.get(address).json()["files"]}

    def changed_by(change: Callable) -> set[str]:
        before = versions()
        with committed():
            change()
        after = versions()
        return {url for url in before if before[url] != after[url]}

    return changed_by


def test_a_page_that_says_something_new_has_a_new_version_and_the_others_keep_theirs(changed_by):
    lesson = make.lessons("merek")[0]
    assert changed_by(lambda: lesson.save_revision().publish()) == set()
    lesson.body.append(("paragraph", "<p>Pilih satu nama.</p>"))
    assert changed_by(lambda: lesson.save_revision().publish()) == {lesson.url}


def test_what_is_only_written_yet_makes_no_page_old_and_does_once_it_is_published(changed_by):
    """«Pelajaran 1 dari 5», and what comes after the last one, change with a lesson more."""
    module, lessons = make.module("merek"), make.lessons("merek")
    new = LessonPage(title="Nama di media sosial", goal="Bisa memilih nama.", live=False)

    def write():
        module.add_child(instance=new)
        new.save_revision()

    assert changed_by(write) == set()
    assert changed_by(new.latest_revision.publish) == {module.url, *(lesson.url for lesson in lessons)}


def test_a_module_in_javanese_is_old_once_another_lesson_is_told_in_it(client, committed):
    address, lessons = f"/modul-luring/{make.module('merek').translation_key}.json?bahasa=jv", make.lessons("merek")

    def versions() -> dict[str, str]:
        return {file["url"]: file["version"] for file in client.get(address).json()["files"]}

    with committed():
        translated(lessons[1], "Milih jeneng")
    before = versions()
    with committed():
        make.figure_in_task(make.lessons("kemasan")[0])
    assert versions() == before, "elsewhere"
    with committed():
        translated(lessons[2], "Logo lan werna")
    changed = {url for url, version in versions().items() if before.get(url) != version}
    assert {"/jv/modul/merek/", f"/jv{lessons[2].url}"} <= changed


def test_a_page_whose_picture_has_another_file_has_a_new_version(changed_by):
    lesson, picture = make.lessons("merek")[0], make.picture()
    lesson.body.append(("picture", {"image": picture, "alt_text": "Keripik", "caption": ""}))
    changed_by(lambda: lesson.save_revision().publish())
    picture.file = make.image_file(height=500)
    assert lesson.url in changed_by(picture.save)


def test_a_new_release_makes_every_saved_page_old(client, monkeypatch):
    address = f"/modul-luring/{make.module('merek').translation_key}.json"

    def pages() -> dict[str, str]:
        return {one["url"]: one["version"] for one in client.get(address).json()["files"] if one["kind"] == "words"}

    before = pages()
    monkeypatch.setattr(weight, "release", lambda: "next")
    assert all(version != before[url] for url, version in pages().items())


def test_a_release_is_told_by_what_shapes_a_page(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "base.html").write_text("Selamat datang")
    before = weight.release.__wrapped__()
    assert weight.release.__wrapped__() == before
    (tmp_path / "templates" / "base.html").write_text("Selamat pagi")
    assert weight.release.__wrapped__() != before


def test_the_list_of_a_module_tells_each_practice_task(client):
    module, lesson = make.module("merek"), make.lessons("merek")[0]
    told = client.get(f"/modul-luring/{module.translation_key}.json").json()
    task = lesson.practice[0].value
    assert told["lessons"][0] == {
        "key": str(lesson.translation_key),
        "url": lesson.url,
        "title": lesson.title,
        "task": {"instruction": task["instruction"], "evidence": task["evidence"], "unit": task["unit"]},
    }


def test_a_task_that_its_translation_lacks_is_taken_along_in_indonesian_as_it_is_read_with_a_signal(client, sari):
    lesson = make.lessons("merek")[1]
    jawa = translated(lesson, "Milih jeneng")
    jawa.practice = []
    jawa.save_revision().publish()
    instruction = lesson.practice[0].value["instruction"]
    choose(client, "jv")
    assert instruction in client.get(f"/belajar/praktik/{lesson.translation_key}/").text
    told = client.get(f"/modul-luring/{make.module('merek').translation_key}.json?bahasa=jv").json()
    assert told["lessons"][1]["task"]["instruction"] == instruction


def test_the_list_of_a_module_tells_a_figure_of_a_task_as_the_lesson_does(client):
    module, lesson = make.module("merek"), make.lessons("merek")[0]
    figure = make.figure_in_task(lesson)
    told = client.get(f"/modul-luring/{module.translation_key}.json").json()
    expected = f"Bayar {figure.value} (per {figure.checked_month}). Tulis hasilnya."
    assert told["lessons"][0]["task"]["instruction"] == expected


def hidden(response, action: str = "") -> dict[str, str]:
    form = soup(response).select_one(f"form[action='{action}']" if action else "form.far[method=post]")
    return {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


def test_forms_that_may_wait_say_whose_they_are_and_have_an_id_as_phones_make_them(client):
    """R8"""
    rina = make.companion()
    sari = make.learner(make.household(rina, in_group=make.group()), pin=None)
    lesson, sent = make.lessons("merek")[0], make.practised(sari)
    client.force_login(sari.user)
    understood = hidden(client.get(lesson.url), f"/belajar/pelajaran/{lesson.translation_key}/paham/")
    practice = hidden(client.get(f"/belajar/praktik/{make.lessons('merek')[1].translation_key}/"))
    client.force_login(rina.user)
    visit = hidden(client.get(f"/dampingan/keluarga/{sari.household_id}/kunjungan/"))
    meeting = hidden(client.get("/dampingan/pertemuan/baru/"))
    answer = hidden(client.get(f"/dampingan/praktik/{sent.pk}/"))
    home = f"/dampingan/keluarga/{sari.household_id}/"
    Household.objects.filter(pk=sari.household_id).update(phone="+6281200001111")
    tap = hidden(client.get(home), f"{home}dihubungi/")
    assert {form["owner"] for form in (understood, practice)} == {str(sari.user_id)}
    assert {form["owner"] for form in (visit, meeting, answer, tap)} == {str(rina.user_id)}
    assert meeting["group"] == str(sari.household.group_id)
    assert {UUID(form["id"]).version for form in (practice, visit, meeting, answer, tap)} == {7}
