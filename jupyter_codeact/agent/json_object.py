"""One JSON object in a text that comes in pieces, and lenient reading of it."""

from __future__ import annotations

import json
import re

_OUTSIDE = re.compile(r"[\"{}]")
_INSIDE = re.compile(r"\\[\s\S]|\"")


class ObjectScanner:
    """Finds where the JSON object ends that the text begins with; a text that begins with anything else has none."""

    def __init__(self) -> None:
        self._read = 0
        self._held = ""
        self._depth = 0
        self._in_string = False
        self._is_object: bool | None = None

    def feed(self, text: str) -> int | None:
        """Where in all the text the object ends, as soon as it does; not to be fed after that."""
        text, position = self._held + text, 0
        if self._is_object is None and (first := text.lstrip()[:1]):
            self._is_object = first == "{"
        while self._is_object and (token := (_INSIDE if self._in_string else _OUTSIDE).search(text, position)):
            position = token.end()
            if token[0] == '"':
                self._in_string = not self._in_string
            elif not self._in_string:
                self._depth += 1 if token[0] == "{" else -1
                if self._depth == 0:
                    return self._read + position
        kept = len(text) - 1 if self._in_string and text.endswith("\\", position) else len(text)
        self._read, self._held = self._read + kept, text[kept:]
        return None


def parsed(text: str) -> object:
    """The value that `text` is in JSON, where strings may hold line breaks and tabs as they are. Raises
    `ValueError`."""
    try:
        value: object = json.loads(text, strict=False, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return value


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is no JSON")
