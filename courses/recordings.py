"""Voice recordings: what comes in is any bytes; what is kept is small, equally loud, and says nothing of its phone.
Of a video only that phones show it."""

from array import array
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import av

from .uploads import UnusableFile

GRACE = 2  # seconds: phones stop their recorders late
MAX_RATE = 96_000
BITS = 24_000  # a second of Opus: a minute is 180 KB
TWIN_BITS = 32_000  # of AAC, which needs more for the same
RATE = 48_000
QUIETEST = 200  # of 32768: below, nobody has spoken
# Whoever whispered and whoever shouted are heard alike; noise in a pause is not lifted more than twentyfold.
LOUDNESS = "framelen=500:gausssize=15:peak=0.7:maxgain=20:targetrms=0.1"

NOT_A_RECORDING = "Berkas ini bukan rekaman suara, atau rusak. Rekam lagi."
NOT_A_VIDEO = "Video ini tidak bisa diputar di HP. Simpan sebagai MP4 (H.264), lalu coba lagi."
SILENT = "Suaranya tidak terdengar. Dekatkan HP ke mulut, lalu rekam lagi."

# What phones record, by how the file begins. FFmpeg is told which to read: left to guess, it would follow playlists to
# other files and addresses.
CONTAINERS = (
    (0, b"\x1a\x45\xdf\xa3", "matroska"),
    (0, b"OggS", "ogg"),
    (4, b"ftyp", "mp4"),
    (0, b"RIFF", "wav"),
    (0, b"#!AMR", "amr"),
    (0, b"ID3", "mp3"),
    (0, b"\xff\xfb", "mp3"),
    (0, b"\xff\xf3", "mp3"),
    (0, b"\xff\xf1", "aac"),
    (0, b"\xff\xf9", "aac"),
)
CODECS = {"opus", "vorbis", "aac", "mp3", "mp3float", "amrnb", "amrwb", "amr_nb", "amr_wb", "pcm_s16le", "libopus"}
# What every phone's browser shows, and how the name of such a file ends, by what holds it.
FILMS = {"mp4": ({"h264", "vp9", "libdav1d"}, ".mp4"), "matroska": ({"vp8", "vp9", "libdav1d"}, ".webm")}


@dataclass(frozen=True)
class Limits:
    """``seconds`` and ``bytes`` that may come in, and what is said of more."""

    seconds: int
    bytes: int
    too_long: str
    too_heavy: str


@dataclass(frozen=True)
class Voice:
    """WebM with Opus, one channel; the same as MP4 with AAC for phones without Opus, where it was asked for."""

    opus: bytes
    aac: bytes
    seconds: float


def voice_from(file, limits: Limits, *, twin: bool = False) -> Voice:
    """The recording to keep. ``file`` is an upload. Raises UnusableFile."""
    if file.size > limits.bytes:
        raise UnusableFile(limits.too_heavy)
    container = _container(file)
    if container is None:
        raise UnusableFile(NOT_A_RECORDING)
    try:
        with av.open(file, format=container) as source, TemporaryDirectory() as folder:
            return _written(source, limits, Path(folder), twin=twin)
    except UnusableFile:
        raise
    except Exception as problem:  # a broken file breaks FFmpeg in dozens of ways
        raise UnusableFile(NOT_A_RECORDING) from problem


def video_suffix(file) -> str:
    """How the name of a video ends that phones show. ``file`` is an upload. Raises UnusableFile."""
    container = _container(file)
    if container not in FILMS:
        raise UnusableFile(NOT_A_VIDEO)
    codecs, suffix = FILMS[container]
    try:
        with av.open(file, format=container) as source:
            film = source.streams.video[0]
            is_shown = film.codec_context.name in codecs and next(source.decode(film), None)
    except Exception as problem:  # as above
        raise UnusableFile(NOT_A_VIDEO) from problem
    if not is_shown:
        raise UnusableFile(NOT_A_VIDEO)
    file.seek(0)
    return suffix


def _container(file) -> str | None:
    start = file.read(16)
    file.seek(0)
    return next((name for place, mark, name in CONTAINERS if start[place:].startswith(mark)), None)


def _written(source, limits: Limits, folder: Path, *, twin: bool) -> Voice:
    if not source.streams.audio:
        raise UnusableFile(NOT_A_RECORDING)
    voice = source.streams.audio[0]
    if voice.codec_context.name not in CODECS:
        raise UnusableFile(NOT_A_RECORDING)
    opus, aac = folder / "opus.webm", folder / "aac.m4a"
    spoken = _Spoken(limits)
    with ExitStack() as stack:
        targets = [_Target(stack.enter_context(av.open(opus, "w", format="webm")), "libopus", RATE, BITS)]
        if twin:  # what it holds is told at its beginning, so that it plays while it arrives
            mp4 = stack.enter_context(av.open(aac, "w", format="mp4", options={"movflags": "faststart"}))
            targets.append(_Target(mp4, "aac", RATE // 2, TWIN_BITS))
        for frame in _evenly_loud(spoken.frames(source, voice)):
            for target in targets:
                target.write(frame)
        if not spoken.seconds:
            raise UnusableFile(NOT_A_RECORDING)
        if spoken.peak < QUIETEST:
            raise UnusableFile(SILENT)
        for target in targets:
            target.end()
    return Voice(opus.read_bytes(), aac.read_bytes() if twin else b"", spoken.seconds)


class _Spoken:
    """What is in a recording, of one kind whatever it was: 16 bits, one channel, RATE."""

    def __init__(self, limits: Limits):
        self.limits, self.seconds, self.peak = limits, 0.0, 0

    def frames(self, source, voice) -> Iterator[av.AudioFrame]:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        for frame in source.decode(voice):
            if not 0 < frame.sample_rate <= MAX_RATE:
                raise UnusableFile(NOT_A_RECORDING)
            self.seconds += frame.samples / frame.sample_rate
            if self.seconds > self.limits.seconds + GRACE:
                raise UnusableFile(self.limits.too_long)
            frame.pts = None  # phones' clocks jump; the sound goes on
            yield from map(self._measured, resampler.resample(frame))
        yield from map(self._measured, resampler.resample(None))

    def _measured(self, frame: av.AudioFrame) -> av.AudioFrame:
        if self.peak < QUIETEST:
            samples = array("h", bytes(frame.planes[0])[: frame.samples * 2])
            self.peak = max(self.peak, max(samples, default=0), -min(samples, default=0))
        return frame


def _evenly_loud(frames: Iterator[av.AudioFrame]) -> Iterator[av.AudioFrame]:
    graph = av.filter.Graph()
    start = graph.add_abuffer(format="s16", layout="mono", sample_rate=RATE)
    steps = [
        start,
        graph.add("dynaudnorm", LOUDNESS),
        graph.add("aformat", "sample_fmts=s16"),
        graph.add("abuffersink"),
    ]
    graph.link_nodes(*steps).configure()

    def ready() -> Iterator[av.AudioFrame]:
        while True:
            try:
                yield graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return

    for frame in frames:
        graph.push(frame)
        yield from ready()
    graph.push(None)
    yield from ready()


class _Target:
    """One file that is written."""

    def __init__(self, container, codec: str, rate: int, bits: int):
        options = {"libopus": {"application": "voip", "vbr": "constrained"}, "aac": {"aac_coder": "fast"}}
        self.container = container
        self.stream = container.add_stream(codec, rate=rate, layout="mono", options=options[codec])
        self.stream.bit_rate = bits
        kind = self.stream.codec_context.format
        self.resampler = av.AudioResampler(format=kind, layout="mono", rate=rate)

    def write(self, frame: av.AudioFrame | None) -> None:
        if frame:
            frame.pts = None
        for part in self.resampler.resample(frame):
            self.container.mux(self.stream.encode(part))

    def end(self) -> None:
        self.write(None)
        self.container.mux(self.stream.encode(None))
