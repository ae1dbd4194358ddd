"""Voice recordings from phones: what is kept is a small Opus file of at most a minute."""

from courses.recordings import Limits, voice_from

from .rules import MAX_SECONDS

MAX_BYTES = 12 * 1024 * 1024  # a minute of WAV is 10 MB
TOO_HEAVY = "Rekaman ini lebih dari 12 MB. Rekam lagi, paling lama 60 detik."
TOO_LONG = "Rekaman ini lebih dari 60 detik. Rekam lagi lebih pendek."
LIMITS = Limits(MAX_SECONDS, MAX_BYTES, too_long=TOO_LONG, too_heavy=TOO_HEAVY)


def recording_from(file) -> bytes:
    """The recording to keep: WebM with Opus, one channel. ``file`` is an upload. Raises UnusableFile."""
    return voice_from(file, LIMITS).opus
