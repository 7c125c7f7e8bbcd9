"""HTML as text: tables become aligned columns, everything else loses its tags."""

from __future__ import annotations

import re
from html import unescape

MAX_HTML = 1_000_000
MAX_COLUMN = 60
MAX_SPAN = 50

_TAG_NAME = re.compile(r"[!?/]?[a-zA-Z][a-zA-Z0-9:-]*")
_HIDDEN = frozenset({"script", "style", "title", "template", "noscript"})
# fmt: off
_BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "fieldset",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "p", "pre", "section", "summary", "table", "tr", "ul",
])
# fmt: on


# A comment's beginning, or a tag; what a `<` begins otherwise is text.
_MARKUP = re.compile(r"<(?:(!--)|([!?/]?[a-zA-Z][^<>]*)>)")


def html_text(source: str) -> tuple[str, int]:
    """The text of HTML `source`, and how many characters beyond `MAX_HTML` were not read.

    Linear in the length of any input; the standard library's parser is quadratic on broken HTML.
    """
    unread = max(0, len(source) - MAX_HTML)
    source = source[:MAX_HTML]
    reader = _Reader()
    position = 0
    while match := _MARKUP.search(source, position):
        reader.data(unescape(source[position : match.start()]))
        position = match.end()
        if match[1]:
            position = _after(source, "-->", position)
            continue
        name = _TAG_NAME.match(match[2])
        tag = name[0].lower() if name else ""
        if tag in _HIDDEN:
            position = _after(source, f"</{tag}[^<>]*>?", position)
        elif tag.startswith("/"):
            reader.end(tag[1:])
        elif tag:
            reader.start(tag, match[2])
    reader.data(unescape(source[position:]))
    return reader.text(), unread


def _after(source: str, end: str, position: int) -> int:
    """The index behind the next match of `end`; the end of `source` where there is none."""
    match = re.compile(end, re.IGNORECASE).search(source, position)
    return match.end() if match else len(source)


class _Table:
    """Rows while they are read; cells that span leave empty places: columns stay below their heads."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self._below: dict[tuple[int, int], str] = {}

    def start_row(self) -> None:
        self.rows.append([])
        self._fill()

    def add(self, text: str, columns: int, rows: int) -> None:
        if not self.rows:
            self.start_row()
        row = self.rows[-1]
        for down in range(1, rows):
            for right in range(columns):
                self._below[len(self.rows) - 1 + down, len(row) + right] = ""
        row.extend([text] + [""] * (columns - 1))
        self._fill()

    def _fill(self) -> None:
        row = self.rows[-1]
        while (place := (len(self.rows) - 1, len(row))) in self._below:
            row.append(self._below.pop(place))

    def text(self) -> str:
        """Columns two spaces apart; those that hold only numbers below their head are aligned right."""
        rows = [row for row in self.rows if any(row)]
        count = max(map(len, rows), default=0)
        padded = [[cell[:MAX_COLUMN] for cell in row] + [""] * (count - len(row)) for row in rows]
        lines = [""] * len(padded)
        for column in zip(*padded, strict=True):
            width = max(map(len, column))
            numeric = any(column[1:]) and all(map(_is_number, filter(None, column[1:])))
            for index, cell in enumerate(column):
                lines[index] += (cell.rjust(width) if numeric else cell.ljust(width)) + "  "
        return "\n".join(line.rstrip() for line in lines)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[-+]?[\d.,]+(?:[eE][-+]?\d+)?%?|NaN|nan|NA|-", text) is not None


class _Reader:
    """Collects text; of nested tables, the outermost has the columns."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._cell: list[str] | None = None
        self._span = (1, 1)
        self._table = _Table()
        self._depth = 0

    def start(self, tag: str, attributes: str) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self._pieces.append("\n")
        elif self._depth == 1 and tag in {"tr", "td", "th"}:
            self._end_cell()
            if tag == "tr":
                self._table.start_row()
            else:
                self._cell = []
                self._span = (_span(attributes, "colspan"), _span(attributes, "rowspan"))
        elif tag in _BLOCKS:
            self.data("\n")

    def end(self, tag: str) -> None:
        if tag == "table" and self._depth:
            self._depth -= 1
            if self._depth == 0:
                self._end_table()
        elif self._depth == 1 and tag in {"tr", "td", "th"}:
            self._end_cell()
        elif tag in _BLOCKS:
            self.data("\n")

    def data(self, text: str) -> None:
        if self._cell is not None:
            self._cell.append(text)
        elif self._depth == 0 or text.strip():
            self._pieces.append(text if text == "\n" else re.sub(r"\s+", " ", text))

    def text(self) -> str:
        """What was read, with at most one empty line in a row."""
        self._end_table()
        lines = [line.rstrip() for line in "".join(self._pieces).split("\n")]
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")

    def _end_cell(self) -> None:
        if self._cell is not None:
            self._table.add(" ".join("".join(self._cell).split()), *self._span)
            self._cell = None

    def _end_table(self) -> None:
        self._end_cell()
        self._pieces.append(self._table.text() + "\n")
        self._table = _Table()


def _span(attributes: str, name: str) -> int:
    match = re.search(rf"{name}\s*=\s*[\"']?(\d{{1,5}})", attributes, re.IGNORECASE)
    return max(1, min(int(match[1]), MAX_SPAN)) if match else 1
