"""Images as parts of a chat message."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jupyter_codeact.agent.images import image_part


def encoded(image: Image.Image, kind: str = "png", **options: Any) -> str:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return base64.b64encode(file.getvalue()).decode()


def shown(part: dict[str, Any] | None) -> Image.Image:
    assert part is not None
    assert part["type"] == "image_url"
    head, _, data = part["image_url"]["url"].partition(",")
    content = base64.b64decode(data, validate=True)
    image = Image.open(io.BytesIO(content))
    assert head == f"data:image/{(image.format or '').lower()};base64"
    image.load()
    return image


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "gif"])
def test_a_small_image_is_sent_as_it_came(kind: str) -> None:
    data = encoded(Image.new("RGB", (64, 48), "red"), kind)
    part, note = image_part(data[:20] + "\n" + data[20:] + "\n", f"image/{kind}")
    assert (shown(part).format, note) == (kind.upper(), "64x48")
    assert part is not None
    assert part["image_url"]["url"].endswith("," + data)


@pytest.mark.parametrize(
    ("size", "scaled"), [((3000, 2000), (1024, 683)), ((10, 4096), (2, 1024)), ((5000, 1), (1024, 1))]
)
def test_a_large_image_is_scaled_and_says_so(size: tuple[int, int], scaled: tuple[int, int]) -> None:
    part, note = image_part(encoded(Image.new("RGB", size, "red")), "image/png")
    assert shown(part).size == scaled
    assert note == f"scaled from {size[0]}x{size[1]} to {scaled[0]}x{scaled[1]}"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P", "1", "I;16"])
def test_bytes_are_bounded_in_every_mode(mode: str) -> None:
    noise = Image.effect_noise((400, 400), 100).convert("L" if mode == "I;16" else mode)
    part, note = image_part(encoded(noise), "image/png", max_bytes=6000)
    assert shown(part).size != (0, 0)
    assert part is not None
    assert len(base64.b64decode(part["image_url"]["url"].partition(",")[2])) <= 6000
    assert "scaled" in note or shown(part).size == (400, 400)


def test_transparency_is_kept_when_scaled() -> None:
    part, _ = image_part(encoded(Image.new("RGBA", (2000, 2000), (255, 0, 0, 0))), "image/png")
    assert shown(part).getchannel("A").getextrema() == (0, 0)


def test_of_an_animation_the_first_frame_is_sent() -> None:
    frames = [Image.new("RGB", (20, 20), color) for color in ("red", "lime", "blue")]
    data = encoded(frames[0], "gif", save_all=True, append_images=frames[1:])
    part, note = image_part(data, "image/gif")
    assert note == "20x20, the first of 3 frames"
    assert shown(part).convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def bomb(width: int, height: int) -> str:
    """A few bytes that call themselves a large PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return base64.b64encode(content).decode()


@pytest.mark.parametrize("side", [8_000, 10_000, 60_000])
def test_decompression_bombs_are_refused(side: int) -> None:
    part, note = image_part(bomb(side, side), "image/png")
    assert part is None
    assert "pixels" in note


def test_what_cannot_be_sent_says_why() -> None:
    assert image_part("PHN2Zy8+", "image/svg+xml") == (None, "image/svg+xml cannot be sent")
    assert image_part("no base64!", "image/png") == (None, "damaged: not base64")
    assert image_part("", "image/png") == (None, "damaged")
    assert image_part(bomb(10, 10), "image/png") == (None, "damaged")
    whole = encoded(Image.effect_noise((300, 300), 100))
    assert image_part(whole[: len(whole) // 2 // 4 * 4], "image/png") == (None, "damaged")
    assert image_part(encoded(Image.new("RGB", (9, 9)), "bmp"), "image/png") == (None, "damaged")


def test_the_same_data_gives_the_same_part() -> None:
    data = encoded(Image.effect_noise((1500, 1500), 50))
    first = image_part(data, "image/png")
    for shade in range(20):
        image_part(encoded(Image.new("RGB", (shade + 1, 1))), "image/png")
    assert image_part(data, "image/png") == first


@given(st.data())
def test_damage_never_raises(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["png", "jpeg", "gif", "webp"]))
    content = bytearray(base64.b64decode(encoded(Image.linear_gradient("L").resize((40, 40)), kind)))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    part, note = image_part(base64.b64encode(content).decode(), f"image/{kind}")
    assert note
    if part is not None:
        assert max(shown(part).size) <= 1024
