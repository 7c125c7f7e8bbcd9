"""Images as parts of a chat message, small enough to send."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import struct
import threading
import warnings
import zlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from PIL import Image

ImagePart: TypeAlias = "tuple[dict[str, Any] | None, str]"

SENDABLE = ("image/png", "image/jpeg", "image/gif", "image/webp")
MAX_SIDE = 1024
MAX_BYTES = 1_000_000
MAX_ENCODED = 40_000_000
MAX_PIXELS = 50_000_000
CACHED = 16

# What Pillow raises while it reads damaged data, besides its own DecompressionBombError.
_DAMAGE = (
    ArithmeticError, AttributeError, EOFError, LookupError, MemoryError, OSError, RuntimeError, SyntaxError,
    TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip

_cache: OrderedDict[tuple[bytes, int, int], ImagePart] = OrderedDict()
_cache_lock = threading.Lock()


def image_part(data: str, mime: str, *, max_side: int = MAX_SIDE, max_bytes: int = MAX_BYTES) -> ImagePart:
    """The `image_url` part for an image in base64, and a note on what it shows or why there is none.

    Sides are at most `max_side` pixels, the file at most `max_bytes` bytes. PNG, JPEG, GIF and WebP only, of
    which the first frame is sent. The same data gives the same part, so that successive requests keep a
    common prefix; the latest are remembered by their hash.
    """
    if mime not in SENDABLE:
        return None, f"{mime} cannot be sent"
    if len(data) > MAX_ENCODED:
        return None, f"{mime} of {len(data):,} characters is too large"
    key = (hashlib.sha256(data.encode("utf-8", "replace")).digest(), max_side, max_bytes)
    with _cache_lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    part = _part(data, max_side, max_bytes)
    with _cache_lock:
        _cache[key] = part
        if len(_cache) > CACHED:
            _cache.popitem(last=False)
    return part


def _part(data: str, max_side: int, max_bytes: int) -> ImagePart:
    from PIL import Image

    try:
        content = base64.b64decode("".join(data.split()), validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "GIF", "WEBP"))
        width, height = image.size
        if width * height > MAX_PIXELS:
            return None, f"{width}x{height} pixels are too many"
        image.load()
        return _encoded(image, content, max_side, max_bytes)
    except Image.DecompressionBombError:
        return None, "it has too many pixels"
    except binascii.Error:
        return None, "damaged: not base64"
    except _DAMAGE:
        return None, "damaged"


def _encoded(image: Image.Image, content: bytes, max_side: int, max_bytes: int) -> ImagePart:
    """The part for a loaded image: as it came when it fits, else scaled; JPEG where PNG is too large."""
    from PIL import Image

    width, height = image.size
    frames = getattr(image, "n_frames", 1)
    extent = f"{width}x{height}"
    if frames == 1 and max(width, height) <= max_side and len(content) <= max_bytes:
        return _url(content, (image.format or "PNG").lower()), extent
    first = f", the first of {frames} frames" if frames > 1 else ""
    still = image.convert("RGBA" if _has_alpha(image) else "RGB")
    side = min(max(width, height), max_side)
    while side >= 1:
        scale = side / max(width, height)
        target = (max(1, round(width * scale)), max(1, round(height * scale)))
        scaled = still if target == still.size else still.resize(target, Image.Resampling.LANCZOS)
        note = extent if target == image.size else f"scaled from {extent} to {target[0]}x{target[1]}"
        for kind in ("png", "jpeg"):
            file = _file(scaled, kind)
            if len(file) <= max_bytes:
                return _url(file, kind), note + first
        side = side * 2 // 3
    return None, f"{extent} does not fit into {max_bytes:,} bytes"


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _file(image: Image.Image, kind: str) -> bytes:
    from PIL import Image

    if kind == "jpeg" and image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    stream = io.BytesIO()
    image.save(stream, kind, **({"quality": 85} if kind == "jpeg" else {}))
    return stream.getvalue()


def _url(content: bytes, kind: str) -> dict[str, Any]:
    encoded = base64.b64encode(content).decode("ascii")
    return {"type": "image_url", "image_url": {"url": f"data:image/{kind};base64,{encoded}"}}
