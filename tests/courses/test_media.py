"""An editor's voice: what is stored of it, where it is heard, and that nothing unusable is stored."""

import re
from io import BytesIO
from pathlib import Path

import av
import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Page

from courses.carried import name_of
from courses.media_forms import LIMITS, MAX_VIDEO, VIDEO_TOO_HEAVY
from courses.models import Recording
from courses.recordings import NOT_A_RECORDING, NOT_A_VIDEO, SILENT
from lms.management.commands.make_roles import WRITERS
from tests import factories
from tests.pages import soup, text
from tests.practice.files import EXE, film, long_sound, sound, upload, wav

pytestmark = pytest.mark.django_db
ADD = "/kelola/media/audio/add/"
CHOOSER = "/kelola/media/audio/chooser/upload/"
GOOD = {
    "rekaman.webm": lambda: sound(2),
    "rekaman.ogg": lambda: sound(2, container="ogg"),
    "rekaman.m4a": lambda: sound(2, container="mp4", codec="aac"),
    "rekaman.mp3": lambda: sound(2, container="mp3", codec="libmp3lame"),
    "rekaman.wav": lambda: wav(2),
}


@pytest.fixture
def desk(client) -> Client:
    client.force_login(factories.staff(WRITERS))
    return client


def send(desk: Client, data: bytes, name: str = "rekaman.mp3"):
    return desk.post(ADD, {"title": "Merek dibacakan", "file": upload(data, name, "audio/mpeg")})


def spoken(seconds: float = 2) -> Recording:
    """A voice that an editor has sent."""
    desk = Client()
    desk.force_login(factories.staff(WRITERS))
    assert send(desk, sound(seconds)).status_code == 302
    return Recording.objects.latest("pk")


def codec(file) -> str:
    with file.open() as stored, av.open(BytesIO(stored.read())) as read:
        [stream] = read.streams
        return f"{read.format.name.split(',')[0]} {stream.codec_context.name} {stream.codec_context.layout.name}"


@pytest.mark.parametrize("name", GOOD)
def test_whatever_a_phone_records_is_stored_as_opus_with_an_aac_twin(desk, name):
    """U4: under a random name."""
    assert send(desk, GOOD[name](), name).status_code == 302
    stored = Recording.objects.get(title="Merek dibacakan")
    assert (codec(stored.file), codec(stored.twin)) == ("matroska opus mono", "mov aac mono")
    assert 1.9 < stored.duration < 2.2
    assert re.fullmatch(r"media/[0-9a-f]{32}\.webm", stored.file.name)


def test_what_the_phone_wrote_about_itself_is_stored_nowhere(desk):
    """U2"""
    sent = sound(2, container="mp4", codec="aac", comment="Rahasia", location="-6.1783+106.6319/")
    assert b"Rahasia" in sent
    send(desk, sent, "rekaman.m4a")
    stored = Recording.objects.latest("pk")
    for file in (stored.file, stored.twin):
        with file.open() as kept:
            assert not re.search(rb"Rahasia|106\.6319", kept.read())


BAD = {
    "an EXE": (lambda: EXE, NOT_A_RECORDING),
    "half a recording's head": (lambda: sound(5)[:60], NOT_A_RECORDING),
    "nobody speaks": (lambda: wav(3, loudness=20), SILENT),
    "90 minutes": (lambda: long_sound(minutes=90), LIMITS.too_long),
    "heavier than five minutes can be": (lambda: bytes(LIMITS.bytes + 1), LIMITS.too_heavy),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("address", [ADD, CHOOSER])
def test_an_unusable_file_gets_one_sentence_and_nothing_is_stored(desk, name, address):
    """U1"""
    make, sentence = BAD[name]
    prefix = "media-chooser-upload-" if address == CHOOSER else ""
    before = sorted(Path(settings.MEDIA_ROOT).rglob("*"))
    sent = {f"{prefix}title": "Merek", f"{prefix}file": upload(make(), "suara.mp3", "audio/mpeg")}
    answer = desk.post(address, sent)
    assert answer.status_code == 200
    page = answer.json()["html"] if address == CHOOSER else answer.text
    assert page.count(sentence) == 1
    assert 'value="Merek"' in page, "what was typed stays"
    assert not Recording.objects.exists()
    assert sorted(Path(settings.MEDIA_ROOT).rglob("*")) == before


def test_nothing_sent_is_said_at_the_field(desk):
    assert "Rekam suara dulu, atau pilih satu berkas." in desk.post(ADD, {"title": "Merek"}).text


def test_a_title_stands_ready_in_the_chooser_as_in_the_form(desk):
    chooser = desk.get("/kelola/media/chooser/audio/").json()["html"]
    for page in (chooser, desk.get(ADD).text):
        assert re.search(r'value="Rekaman \d+ \w+ \d{4}, \d\d\.\d\d"', page)
        assert "<record-voice" in page


def test_the_file_of_a_voice_never_changes_under_its_name(desk):
    voice = spoken()
    before = voice.file.name
    desk.post(f"/kelola/media/edit/{voice.pk}/", {"title": "Lain", "file": upload(sound(2), "lain.webm")})
    voice.refresh_from_db()
    assert (voice.title, voice.file.name) == ("Lain", before)


def test_a_video_that_is_replaced_again_and_again_never_has_a_name_twice(desk):
    video = factories.recording("video")
    names = []
    for seconds in (1, 2, 3):
        file = upload(film(seconds=seconds), "Salam kita.MP4", "video/mp4")
        desk.post(f"/kelola/media/edit/{video.pk}/", {"title": "Salam", "file": file})
        video = Recording.objects.get(pk=video.pk)
        names.append(name_of(video))
    assert len(set(names)) == 3
    assert video.file.name.endswith(".mp4")


@pytest.mark.parametrize(("role", "goes"), [(WRITERS, False), ("Peninjau materi", True)])
def test_only_who_may_publish_a_lesson_replaces_or_deletes_a_video_in_it(client, role, goes):
    video = factories.recording("video")
    published(None, ("video", {"media": video, "transcript": "Salam."}))
    client.force_login(factories.staff(role))
    file = upload(film(), "lain.mp4", "video/mp4")
    answer = client.post(f"/kelola/media/edit/{video.pk}/", {"title": "Salam", "file": file})
    assert (Recording.objects.get().file.name != video.file.name) == goes
    assert ("Tambahkan sebagai berkas baru, lalu pilih di halaman itu." in answer.text) != goes
    client.post(f"/kelola/media/delete/{video.pk}/")
    assert Recording.objects.exists() != goes


VIDEO = "/kelola/media/video/add/"


@pytest.mark.parametrize(
    ("name", "make", "suffix"),
    [
        ("salam.mp4", film, ".mp4"),
        ("salam.mov", lambda: film(container="mov"), ".mp4"),
        ("salam.webm", lambda: film(container="webm", codec="libvpx"), ".webm"),
        ("salam.avi", film, ".mp4"),
    ],
)
def test_a_video_that_phones_show_is_stored_as_it_is(desk, name, make, suffix):
    data = make()
    assert desk.post(VIDEO, {"title": "Salam", "file": upload(data, name, "video/mp4")}).status_code == 302
    video = Recording.objects.get()
    assert video.file.name.endswith(suffix)
    assert video.file.read() == data


@pytest.mark.parametrize(
    "make",
    [
        lambda: film(container="avi", codec="mpeg4"),
        lambda: film(codec="mpeg4"),
        lambda: film(container="matroska"),
        lambda: film()[:400],
        lambda: sound(2, container="mp4", codec="aac"),
        lambda: EXE,
    ],
    ids=["AVI", "MPEG-4 of old phones", "H.264 in Matroska", "the beginning of one", "a voice", "no film at all"],
)
def test_a_video_that_phones_do_not_show_gets_one_sentence_and_is_not_stored(desk, make):
    answer = desk.post(VIDEO, {"title": "Salam kita", "file": upload(make(), "salam.mp4", "video/mp4")})
    assert [text(one) for one in soup(answer).select(".error-message")] == [NOT_A_VIDEO]
    assert 'value="Salam kita"' in answer.text, "what was typed stays"
    assert not Recording.objects.exists()


def test_a_video_that_no_other_server_would_take_is_not_stored(desk):
    heavy = film() + bytes(MAX_VIDEO)
    answer = desk.post(VIDEO, {"title": "Salam kita", "file": upload(heavy, "salam.mp4", "video/mp4")})
    assert [text(one) for one in soup(answer).select(".error-message")] == [VIDEO_TOO_HEAVY]
    assert not Recording.objects.exists()


def test_a_picture_beside_a_video_is_stored_nowhere(desk):
    """U2, U4: Wagtail's media would keep it as the phone made it, and send it whole to everyone who opens the page."""
    assert not soup(desk.get(VIDEO)).select("[name=thumbnail], [name=width], [name=height]")
    files = {"file": upload(film(), "salam.mp4", "video/mp4"), "thumbnail": factories.image_file()}
    assert desk.post(VIDEO, {"title": "Salam"} | files).status_code == 302
    assert not Recording.objects.get().thumbnail


def test_no_video_sent_is_said_in_one_sentence(desk):
    answer = desk.post(VIDEO, {"title": "Salam kita"})
    assert [text(one) for one in soup(answer).select(".error-message")] == ["Pilih berkas videonya dulu."]


def test_both_files_go_with_their_voice(django_capture_on_commit_callbacks):
    voice = spoken()
    stored = [Path(file.path) for file in (voice.file, voice.twin)]
    assert all(path.exists() for path in stored)
    with django_capture_on_commit_callbacks(execute=True):
        voice.delete()
    assert not any(path.exists() for path in stored)


# --- In a lesson ---------------------------------------------------------------------------------------------------


def published(voice: Recording | None = None, *blocks: tuple[str, Recording]) -> Page:
    """A lesson with the voice, and with these blocks at its end."""
    lesson = factories.lessons("merek")[0]
    lesson.voice = voice
    lesson.body.extend(blocks)
    lesson.save_revision().publish()
    return lesson


def test_a_lesson_is_heard_in_either_form_and_without_javascript(client):
    voice = spoken()
    page = soup(client.get(published(voice).url))
    [player] = page.select("audio[controls]")
    assert [(source["src"], source["type"]) for source in player.select("source")] == [
        (voice.file.url, "audio/webm; codecs=opus"),
        (voice.twin.url, "audio/mp4"),
    ]
    assert not page.select("read-aloud"), "a human voice is better"


def test_a_lesson_without_a_voice_is_read_by_the_phone_where_it_can(client):
    page = soup(client.get(published().url))
    [reader] = page.select("read-aloud[hidden]")
    assert text(reader) == "Dengarkan"
    assert page.select_one(f"#{reader['for']} h1")
    assert not page.select("audio, play-voice")


def test_a_part_of_a_lesson_has_a_voice_of_its_own(client):
    voice = spoken()
    page = soup(client.get(published(None, ("voice", voice)).url))
    assert page.select_one("play-voice source")["src"] == voice.file.url
    assert page.select("read-aloud"), "the whole is still read by the phone"


def test_a_new_recording_shows_as_soon_as_it_is_published(client):
    first, second = spoken(), spoken()
    lesson = published(first)
    lesson.voice = second
    draft = lesson.save_revision()
    assert first.file.url in client.get(lesson.url).text
    draft.publish()
    assert second.file.url in client.get(lesson.url).text


def test_a_module_taken_along_takes_its_voices_each_with_its_twin(client):
    voice = spoken()
    published(voice)
    files = client.get(f"/modul-luring/{factories.module('merek').translation_key}.json").json()["files"]
    [kept] = [file for file in files if file["kind"] == "voice"]
    assert (kept["url"], kept["bytes"]) == (voice.file.url, voice.file.size)
    assert kept["twin"] == {"url": voice.twin.url, "bytes": voice.twin.size}


# --- Parts of a file -----------------------------------------------------------------------------------------------

PARTS = [
    ("bytes=0-", 206, slice(0, None)),
    ("bytes=100-", 206, slice(100, None)),
    ("bytes=100-199", 206, slice(100, 200)),
    ("bytes=-50", 206, slice(-50, None)),
    ("bytes=100-99999999", 206, slice(100, None)),
    ("bytes=-", 200, slice(None)),
    ("bytes=0-1,5-9", 200, slice(None)),
    ("words=1-2", 200, slice(None)),
]


@pytest.mark.parametrize(("asked", "status", "part"), PARTS)
def test_a_player_may_ask_for_a_part(client, asked, status, part):
    voice = spoken()
    with voice.file.open() as file:
        whole = file.read()
    answer = client.get(voice.file.url, headers={"range": asked, "accept-encoding": "gzip, br"})
    assert (answer.status_code, b"".join(answer.streaming_content)) == (status, whole[part])
    assert int(answer["Content-Length"]) == len(whole[part])
    assert "Content-Encoding" not in answer
    if status == 206:
        first = range(len(whole))[part][0]
        assert answer["Content-Range"] == f"bytes {first}-{first + len(whole[part]) - 1}/{len(whole)}"


def test_a_part_beyond_the_end_is_refused(client):
    voice = spoken()
    answer = client.get(voice.file.url, headers={"range": "bytes=99999999-"})
    assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{voice.file.size}")
