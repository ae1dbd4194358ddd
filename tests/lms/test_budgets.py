"""What a phone must load, in bytes; and what a page may hold at all."""

import base64
import gzip
import hashlib
import re
from pathlib import Path, PurePosixPath
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client

from courses.models import LessonPage
from lms.static_files import without_comments
from lms.stylesheet import SHEETS, stylesheet_hashes
from people.models import Learner
from progress.models import LessonCompletion, ModuleAssignment
from quizzes.rules import Kind
from tests import factories as make
from tests.pages import crawl, soup

pytestmark = pytest.mark.django_db
KB = 1024
FIRST = "pengenalan-motivasi"


def rinas_learner(rina) -> Learner:
    """A learner in the middle of things: a badge, a result, an open attempt, a module assigned, a locked quiz."""
    person = make.learner(make.household(rina, in_group=make.group()), pin=None)
    make.finished(person, FIRST)
    make.read(person, "merek")
    make.tried(person, "merek", right=5)
    make.answered(person, "merek")
    key = make.module("kemasan").translation_key
    ModuleAssignment.objects.assign([person.household], key, by=rina.user)
    return person


@pytest.fixture(scope="module")
def walk(django_db_setup, django_db_blocker) -> dict[str, list]:
    """The pages of a learner, and all of them: a visitor's, hers, a companion's, a coordinator's, and errors. Walked
    once."""
    with django_db_blocker.unblock(), transaction.atomic():
        client, rina = Client(), make.companion()
        sari = rinas_learner(rina)
        all = [*crawl(client, "/"), client.get("/tidak/ada/"), client.get(sari.badge_awards.get().get_absolute_url())]
        learner = learners_pages(client, sari)
        client.force_login(rina.user)
        all += [*learner, *crawl(client, "/dampingan/", beyond="/modul/")]
        client.force_login(make.coordinator(sari.household.region).user)
        all += [client.get("/laporan/"), client.get("/belajar/")]
        transaction.set_rollback(True)
    all = [page for page in all if page.get("Content-Type", "").startswith("text/html") and page.content]
    assert len({address(page) for page in all}) > 70
    assert {page.status_code for page in all} >= {200, 403, 404}
    return {"learner": learner, "all": all}


def question_addresses(person) -> list[str]:
    """One question of each kind."""
    attempt = person.attempts.open().get()
    numbers = {asked.rule.kind: number for number, asked in enumerate(attempt.asked, 1)}
    assert set(numbers) == set(Kind)
    return [f"/belajar/percobaan/{attempt.pk}/soal/{number}/" for number in numbers.values()]


def learners_pages(client, person) -> list:
    """Every page that links lead a learner to, and her questions and results."""
    client.force_login(person.user)
    judged = person.attempts.submitted().last()
    more = [f"/belajar/percobaan/{judged.pk}/hasil/", make.quiz("kemasan").url, *question_addresses(person)]
    more += ["/luring/", "/luring/kuis/", "/luring/praktik/", "/belajar/kiriman/"]
    pages = [*crawl(client, "/belajar/"), *[client.get(address) for address in more]]
    return [page for page in pages if page.get("Content-Type", "").startswith("text/html") and page.content]


def address(response) -> str:
    return response.request["PATH_INFO"]


def file_of(url: str) -> bytes:
    """A static file by its address, with a hash in its name or without, as it lies in the project."""
    path = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", urlsplit(url).path)
    assert path.startswith("/static/"), f"{url} is not one of our static files"
    return Path(finders.find(path.removeprefix("/static/"))).read_bytes()


def scripts_of(response) -> set[str]:
    """The addresses of all scripts that the page loads, and of the modules that they import."""
    found: set[str] = set()
    waiting = [script["src"] for script in soup(response).select("script[src]")]
    waiting += [link["href"] for link in soup(response).select("link[rel=modulepreload]")]
    while waiting:
        url = waiting.pop()
        if url not in found:
            found.add(url)
            imports = re.findall(r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""", file_of(url).decode())
            waiting += [urljoin(url, name) for name in imports]
    return found


def loads(response) -> set[str]:
    """The addresses of everything that a browser fetches for the page."""
    page = soup(response)
    found = {
        tag["src"] for tag in page.select("img[src], script[src], audio[src], video[src], iframe[src], embed[src]")
    }
    found |= {tag["href"] for tag in page.select("link[rel~=icon], link[rel~=stylesheet], link[rel~=preload]")}
    found |= {tag["href"] for tag in page.select("link[rel~=modulepreload], link[rel~=manifest]")}
    found |= set(re.findall(r"url\(\s*[\"']?([^\"')]+)", "".join(style.text for style in page.select("style"))))
    return {url for url in found | scripts_of(response) if not url.startswith("data:")}


# --- Bytes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["visitor", "learner", "learner who is done"])
def test_every_lesson_is_at_most_14_kb_with_its_style(client, who):
    """As it is really sent to a phone that accepts brotli."""
    lessons = list(LessonPage.objects.live())
    assert len(lessons) == 43
    if who != "visitor":
        person = make.learner(pin=None)
        client.force_login(person.user)
        if who == "learner who is done":
            for lesson in lessons:
                LessonCompletion.objects.record(person, lesson.translation_key, lesson.get_parent().translation_key)
    sizes = {}
    for lesson in lessons:
        response = client.get(lesson.url, headers={"accept-encoding": "gzip, deflate, br"})
        assert (response.status_code, response["Content-Encoding"]) == (200, "br")
        assert b"<style " in brotli.decompress(response.content)
        sizes[lesson.url] = len(response.content)
    heaviest = max(sizes, key=sizes.get)
    assert sizes[heaviest] <= 14 * KB, heaviest


def test_signing_in_takes_at_most_40_kb_with_all_it_loads(client):
    """The page as it is sent, everything else not even compressed."""
    page = client.get("/masuk/")
    files = loads(page)
    assert any("/img/icon." in url for url in files), "what it loads is found"
    sent = client.get("/masuk/", headers={"accept-encoding": "br"})
    assert sent["Content-Encoding"] == "br"
    assert len(sent.content) + sum(len(file_of(url)) for url in files) <= 40 * KB


def test_all_javascript_of_a_learners_page_is_at_most_12_and_a_half_kb(walk):
    """The heaviest is a quiz without a signal, read aloud: its scripts are on the phone since the module was saved."""
    weights = {}
    for page in walk["learner"]:
        scripts = sorted(scripts_of(page))
        sent = [without_comments(file_of(url).decode()).encode() for url in scripts]
        weights[address(page)] = sum(len(gzip.compress(script, 6)) for script in sent)
    heaviest = max(weights, key=weights.get)
    assert weights[heaviest] <= 12.5 * KB, heaviest
    assert weights[heaviest] > 0, "the scripts of the questions are found"


# --- What a page may hold -----------------------------------------------------------------------------------------


def offending(pages, selects) -> set[str]:
    return {f"{address(page)}: {tag}"[:200] for page in pages for tag in soup(page).find_all(selects)}


def test_no_page_breaks_its_own_policy_or_loads_from_elsewhere(walk):
    """Many rules: no inline style, no handlers, no inline script, no web font, no host but ours; and the policy allows
    the stylesheets that the page bears."""
    pages = walk["all"]
    assert offending(pages, lambda tag: tag.has_attr("style")) == set(), "inline style"
    assert offending(pages, lambda tag: any(name.startswith("on") for name in tag.attrs)) == set(), "inline handlers"
    assert offending(pages, lambda tag: tag.name == "script" and not tag.has_attr("src")) == set(), "inline script"
    assert offending(pages, lambda tag: str(tag.get("href", "")).startswith("javascript:")) == set()
    for page in pages:
        assert "@font-face" not in page.text
        for url in loads(page):
            assert not urlsplit(url).netloc, f"{address(page)} loads {url}"
            assert PurePosixPath(urlsplit(url).path).suffix not in {".woff", ".woff2", ".ttf", ".otf", ".eot"}
        policy = policy_of(page)
        styles = re.findall(rb"<style[^>]*>(.*?)</style>", page.content, re.S)
        assert len(styles) == page.content.count(b"<style") <= len(SHEETS), address(page)
        digests = [base64.b64encode(hashlib.sha256(style).digest()).decode() for style in styles]
        assert policy["style-src"] == {"'self'", *stylesheet_hashes()}, address(page)
        assert {f"'sha256-{digest}'" for digest in digests} <= policy["style-src"], address(page)
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == {"'none'"}
        assert policy["script-src"] == policy["form-action"] == {"'self'"}
        assert not any("unsafe" in source for sources in policy.values() for source in sources)


def policy_of(response) -> dict[str, set[str]]:
    parts = [part.split() for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {name: set(sources) for name, *sources in parts}
