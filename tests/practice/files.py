"""Files as phones and as ill-meaning people send them; all of them made here."""

import io
import struct
import wave
import zlib
from fractions import Fraction
from functools import cache

import av
import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

GPS_AND_CAMERA = Image.Exif()
GPS_AND_CAMERA[0x010F] = "Kamera Rahasia"
GPS_AND_CAMERA[0x0112] = 6  # lying on its side: to be turned by a quarter
GPS_AND_CAMERA.get_ifd(0x8825)[1] = "S"
GPS_AND_CAMERA.get_ifd(0x8825)[2] = (6.0, 10.0, 30.0)
MARK = b"Kamera Rahasia"


def picture(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Stripes, so that a turned picture can be told from an upright one: red above, blue below."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width, height // 2))
    return image.convert(mode)


def written(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def heif(image: Image.Image, **options) -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(image).save(out, **options)
    return out.getvalue()


def black_png(side: int) -> bytes:
    """A few KB that unpack to side × side pixels."""
    row = b"\0" + bytes(side * 3)
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def gif_that_is_a_script() -> bytes:
    """A GIF whose first bytes read as JavaScript too."""
    gif = written(picture(8, 8), "GIF")
    return gif[:6] + b"/*" + gif[8:] + b"*/=1;alert(document.cookie)//"


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 64 64\n%%EndComments\nshowpage\n%%EOF\n"
EXE = b"MZ\x90\x00\x03" + bytes(2000)

# What is refused, each under the name that it is sent with.
HOSTILE_PHOTOS = {
    "an EXE named .jpg": lambda: EXE,
    "an EPS named .jpg": lambda: EPS,
    "an SVG": lambda: SVG,
    "an SVG that begins as XML": lambda: b'<?xml version="1.0"?>' + SVG,
    "a GIF that is a script too": gif_that_is_a_script,
    "a plain GIF": lambda: written(picture(), "GIF"),
    "a TIFF": lambda: written(picture(), "TIFF"),
    "a bomb: a PNG of 6000 x 6000": lambda: black_png(6000),
    "a bomb: a PNG of 20000 x 20000": lambda: black_png(20_000),
    "a progressive JPEG of 36 MP": lambda: written(Image.new("RGB", (6000, 6000)), "JPEG", progressive=True),
    "half a JPEG": lambda: written(picture(2000, 1500), "JPEG")[:4000],
    "half a PNG": lambda: written(picture(), "PNG")[:300],
    "a page": lambda: b"<html><script>alert(1)</script></html>",
    "nothing": lambda: b"",
    "a ZIP": lambda: b"PK\x03\x04" + bytes(500),
}
# Several tests go through all of them, and the heaviest take seconds to make: each is made once.
HOSTILE_PHOTOS = {name: cache(make) for name, make in HOSTILE_PHOTOS.items()}

# What is kept, and how large it then is.
GOOD_PHOTOS = {
    "a JPEG": (lambda: written(picture(4000, 3000), "JPEG"), (1600, 1200)),
    "a JPEG of 48 MP": (lambda: written(Image.new("RGB", (8000, 6000)), "JPEG"), (1600, 1200)),
    "a small JPEG": (lambda: written(picture(300, 200), "JPEG"), (300, 200)),
    "a JPEG on its side, with place and camera": (
        lambda: written(picture(2000, 1000), "JPEG", exif=GPS_AND_CAMERA),
        (800, 1600),
    ),
    "a progressive JPEG": (lambda: written(picture(3000, 2000), "JPEG", progressive=True), (1600, 1067)),
    "a JPEG in the colours of print": (lambda: written(picture(mode="CMYK"), "JPEG"), (640, 480)),
    "a grey JPEG": (lambda: written(picture(mode="L"), "JPEG"), (640, 480)),
    "a JPEG with a page behind it": (lambda: written(picture(), "JPEG") + b"<script>alert(1)</script>", (640, 480)),
    "a PNG": (lambda: written(picture(), "PNG"), (640, 480)),
    "a PNG that one sees through": (lambda: written(picture(mode="RGBA"), "PNG"), (640, 480)),
    "a PNG with few colours": (lambda: written(picture(mode="P"), "PNG"), (640, 480)),
    "a PNG of 16 bits": (
        lambda: written(Image.new("I;16", (64, 48), 40_000), "PNG"),
        (64, 48),
    ),
    "a PNG of 4000 x 4000": (lambda: black_png(4000), (1600, 1600)),
    "a PNG of 4000 x 4000 that one sees through": (
        lambda: written(picture(4000, 4000, "RGBA"), "PNG", compress_level=1),
        (1600, 1600),
    ),
    "a WebP": (lambda: written(picture(), "WEBP", exif=GPS_AND_CAMERA), (480, 640)),
    "a WebP of 6 MP": (lambda: written(Image.new("RGB", (2800, 2100)), "WEBP"), (1600, 1200)),
    "a HEIC": (lambda: heif(picture(4032, 3024)), (1600, 1200)),
    "a HEIC with place and camera": (lambda: heif(picture(), exif=GPS_AND_CAMERA.tobytes()), None),
}
GOOD_PHOTOS = {name: (cache(make), size) for name, (make, size) in GOOD_PHOTOS.items()}


def upload(data: bytes, name: str = "foto.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)


# --- Recordings ---------------------------------------------------------------------------------------------------


def sound(
    seconds: float, *, container: str = "webm", codec: str = "libopus", rate: int = 48_000, **about: str
) -> bytes:
    """A hum of that length."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        target.metadata.update(about)
        stream = target.add_stream(codec, rate=rate, layout="mono")
        stream.bit_rate = 24_000
        resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate)
        size = stream.codec_context.frame_size or 960
        for place in range(0, int(seconds * rate), size):
            frame = av.AudioFrame(format="s16", layout="mono", samples=size)
            frame.sample_rate, frame.pts = rate, place
            frame.planes[0].update((bytes(range(256)) * 20)[: size * 2])
            for part in resampler.resample(frame):
                target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return out.getvalue()


def film(*, container: str = "mp4", codec: str = "libx264", seconds: float = 1) -> bytes:
    """A grey picture of that length."""
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        stream = target.add_stream(codec, rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for _ in range(int(seconds * 5)):
            target.mux(stream.encode(av.VideoFrame(64, 48, "yuv420p")))
        target.mux(stream.encode(None))
    return out.getvalue()


@cache
def long_sound(minutes: int) -> bytes:
    """The same moment, over and over."""
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as target:
        stream = target.add_stream("libopus", rate=48_000, layout="mono", options={"frame_duration": "60"})
        stream.bit_rate = 6_000
        frame = av.AudioFrame(format="s16", layout="mono", samples=2880)
        frame.sample_rate = 48_000
        packets = [*stream.encode(frame), *stream.encode(None)]
        for place in range(minutes * 60 * 48_000 // 2880):
            packet = av.Packet(bytes(packets[0]))
            packet.stream, packet.time_base = stream, Fraction(1, 48_000)
            packet.pts = packet.dts = place * 2880
            target.mux(packet)
    return out.getvalue()


def wav(seconds: float, rate: int = 16_000, *, loudness: int = 8000) -> bytes:
    """A hum of that length; ``loudness`` of 32768."""
    wave_of_hum = struct.pack("<16h", *[loudness] * 8, *[-loudness] * 8)
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(wave_of_hum * int(seconds * rate / 16))
    return out.getvalue()
