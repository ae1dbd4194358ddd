"""Voice recordings from phones: what is kept of them, and what is refused."""

from array import array
from io import BytesIO

import av
import pytest

from courses.recordings import NOT_A_RECORDING, SILENT, UnusableFile
from practice.recordings import TOO_HEAVY, TOO_LONG, recording_from

from .files import EXE, long_sound, picture, sound, upload, wav, written

GOOD = {
    "WebM with Opus, as Chrome records": lambda: sound(5),
    "Ogg with Opus, as Firefox records": lambda: sound(5, container="ogg"),
    "MP4 with AAC, as the phone's own recorder writes": lambda: sound(5, container="mp4", codec="aac"),
    "AAC alone": lambda: sound(5, container="adts", codec="aac"),
    "WAV": lambda: wav(5),
}
HOSTILE = {
    "an EXE": lambda: EXE,
    "a photo": lambda: written(picture(), "JPEG"),
    "a playlist of other files": lambda: b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
    "a list of files to join": lambda: b"ffconcat version 1.0\nfile /etc/passwd\n",
    "the head of a recording": lambda: sound(5)[:60],
    "a recording without a sound": lambda: sound(0),
    "nothing": lambda: b"",
}


def length(data: bytes) -> float:
    """Seconds of sound."""
    with av.open(BytesIO(data)) as file:
        return sum(frame.samples / frame.sample_rate for frame in file.decode(audio=0))


@pytest.mark.parametrize("name", GOOD)
def test_a_recording_is_kept_as_opus_in_webm(name):
    data = recording_from(upload(GOOD[name](), "suara", "application/octet-stream"))
    with av.open(BytesIO(data)) as kept:
        assert "webm" in kept.format.name
        [stream] = kept.streams
        assert (stream.codec_context.name, stream.codec_context.layout.name) == ("opus", "mono")
    assert 4.8 < length(data) < 5.2


def test_a_minute_is_at_most_250_kb():
    data = recording_from(upload(sound(60)))
    assert 59.5 < length(data) < 60.5
    assert len(data) <= 250 * 1024


@pytest.mark.parametrize(("seconds", "kept"), [(61, True), (63, False)])
def test_a_phone_may_stop_a_moment_late(seconds, kept):
    if kept:
        assert recording_from(upload(wav(seconds)))
    else:
        with pytest.raises(UnusableFile) as refusal:
            recording_from(upload(wav(seconds)))
        assert str(refusal.value) == TOO_LONG


def test_90_minutes_are_refused_after_the_first():
    data = long_sound(minutes=90)
    with av.open(BytesIO(data)) as file:
        assert file.duration > 89 * 60 * 1_000_000, "microseconds"
    with pytest.raises(UnusableFile) as refusal:
        recording_from(upload(data))
    assert str(refusal.value) == TOO_LONG


def test_30_mb_are_not_even_read():
    with pytest.raises(UnusableFile) as refusal:
        recording_from(upload(bytes(30 * 1024 * 1024)))
    assert str(refusal.value) == TOO_HEAVY


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_recording_is_refused(name):
    """U1"""
    with pytest.raises(UnusableFile) as refusal:
        recording_from(upload(HOSTILE[name]()))
    assert str(refusal.value) == NOT_A_RECORDING


def test_what_a_phone_wrote_about_itself_is_gone():
    """U2"""
    sent = sound(2, container="mp4", codec="aac", comment="Rahasia", location="-6.1783+106.6319/")
    assert b"Rahasia" in sent
    data = recording_from(upload(sent))
    assert b"Rahasia" not in data
    assert b"106.6319" not in data


def test_a_recording_in_which_nobody_speaks_is_refused():
    with pytest.raises(UnusableFile) as refusal:
        recording_from(upload(wav(5, loudness=20)))
    assert str(refusal.value) == SILENT


def loudness(data: bytes) -> int:
    """The loudest moment of the second half, of 32768."""
    resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
    with av.open(BytesIO(data)) as file:
        parts = [part for frame in file.decode(audio=0) for part in resampler.resample(frame)]
    samples = array("h", b"".join(bytes(part.planes[0])[: part.samples * 2] for part in parts))
    return max(samples[len(samples) // 2 :])


def test_a_whisper_and_a_shout_are_kept_equally_loud():
    whisper, shout = (loudness(recording_from(upload(wav(10, loudness=level)))) for level in (600, 30_000))
    assert 3_000 < whisper < 15_000
    assert whisper / 2 < shout < whisper * 2
