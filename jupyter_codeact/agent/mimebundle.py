"""Rich outputs: of the forms in which a value comes, the one that a model can read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_codeact.agent.budget import Part
from jupyter_codeact.agent.images import SENDABLE, image_part
from jupyter_codeact.agent.tables import html_text
from jupyter_codeact.agent.text import count_repeats, cut, joined, plain, size
from jupyter_codeact.events import ImageReference

MAX_IMAGES = 8
MAX_NAMED = 6

# Forms of the same content as `text/plain`: not named when text is shown.
_TEXTS = ("text/plain", "text/html", "text/markdown", "text/latex")
# `<IPython.core.display.HTML object>`, `<...Styler at 0x7f12>`: says nothing where there is another form.
_BARE_OBJECT = re.compile(r"<[\w.]+(?: object)?(?: at 0x[0-9a-fA-F]+)?(?: object)?>")
# What drawing functions return besides the drawing.
_DRAWING = re.compile(
    r"\[?<(?:Figure size |Axes|AxesSubplot|matplotlib\.|seaborn\.)[^\n]*>\]?"
    r"|plot without title|Text\([^\n]*\)|<BarContainer[^\n]*>|array\(\[+<Axes[\s\S]*"
)


class MimeReader:
    """Reads the rich outputs of one cell; `images` are those that the model is shown, none where it is shown none."""

    def __init__(self, cell_id: str, left_out: list[str], *, images: bool = True) -> None:
        self.images: list[ImageReference] = []
        self._shows_images = images
        self._cell_id = cell_id
        self._left_out = left_out
        self._has_image = False

    def expect(self, outputs: Sequence[Mapping[str, Any]]) -> None:
        """The text of drawings is silenced where one of `outputs` is an image."""
        self._has_image = any(image_mime(output) for output in outputs)

    def read(self, output: Mapping[str, Any], index: int) -> list[Part]:
        """The parts for a display or a result: its text or its image, and the names of its other forms."""
        data = output.get("data")
        label = f"output {index + 1}"
        if not isinstance(data, Mapping) or not data:
            return [Part("[an output without data]", label)]
        lines: list[str] = []
        mime = image_mime(output) if self._shows_images else None
        if mime is not None:
            lines.append(self._image(data[mime], mime, index))
        text = self._text(data, label)
        known = (mime, *_TEXTS)
        others = [(str(other), value) for other, value in data.items() if other not in known]
        is_bare = _BARE_OBJECT.fullmatch(text) and (mime or others)
        if text and not is_bare and not (self._has_image and _DRAWING.fullmatch(text)):
            lines.append(text)
        lines += self._named(others, label)
        return [Part("\n".join(lines), label)] if lines else []

    def _image(self, encoded: str, mime: str, index: int) -> str:
        label = f"output {index + 1} ({mime})"
        if len(self.images) == MAX_IMAGES:
            self._left_out.append(f"{label}: more than {MAX_IMAGES} images")
            return f"[{mime}, not shown: more than {MAX_IMAGES} images]"
        part, note = image_part(encoded, mime)
        if part is None:
            self._left_out.append(f"{label}: {note}")
            return f"[{mime}, not shown: {note}]"
        if "," in note or "scaled" in note:
            self._left_out.append(f"{label}: {note}")
        self.images.append(ImageReference(cell_id=self._cell_id, output=index, mime=mime))
        return f"[image {len(self.images)}: {mime}, {note}]"

    def _text(self, data: Mapping[str, Any], label: str) -> str:
        text = plain(joined(data.get("text/plain"))).strip("\n")
        if text and not _BARE_OBJECT.fullmatch(text):
            text, repeats = count_repeats(text)
            if repeats:
                self._left_out.append(f"{label}: {repeats:,} repeated lines")
            return text
        for mime in ("text/markdown", "text/latex"):
            if other := plain(joined(data.get(mime))).strip("\n"):
                return other
        html, unread = html_text(joined(data.get("text/html")))
        if unread:
            self._left_out.append(f"{label}: {unread:,} characters of HTML")
        return plain(html) or text

    def _named(self, others: Sequence[tuple[str, Any]], label: str) -> list[str]:
        """`[application/vnd.plotly.v1+json, 48 KB, not shown]` for each."""
        lines = [f"[{cut(plain(mime), 100)[0]}, {size(_bytes(value))}, not shown]" for mime, value in others]
        self._left_out.extend(f"{label}: {line[1:-1]}" for line in lines[:MAX_NAMED])
        if len(lines) > MAX_NAMED:
            lines[MAX_NAMED:] = [f"[{len(lines) - MAX_NAMED} more forms, not shown]"]
            self._left_out.append(f"{label}: {lines[-1][1:-1]}")
        return lines


def image_mime(output: object) -> str | None:
    """The form of `output` that can be sent as an image, if there is one."""
    data = output.get("data") if isinstance(output, Mapping) else None
    if not isinstance(data, Mapping):
        return None
    return next((mime for mime in SENDABLE if isinstance(data.get(mime), str)), None)


def _bytes(value: object) -> int:
    text = value if isinstance(value, str) else json.dumps(value, default=str, skipkeys=True)
    return len(text.encode("utf-8", "replace"))
