"""Text that every encoder accepts: no lone surrogates."""

from __future__ import annotations

from typing import Any


def well_formed(text: str) -> str:
    """`text` with halves of surrogate pairs joined, and lone ones replaced by U+FFFD."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def well_formed_tree(value: Any) -> Any:
    """`value`, made of lists, dictionaries and scalars, with all its texts well formed."""
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, dict):
        return {well_formed_tree(name): well_formed_tree(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [well_formed_tree(item) for item in value]
    return value


class PairJoiner:
    """Makes streamed text well formed where an endpoint escapes a surrogate pair in two different pieces."""

    def __init__(self) -> None:
        self._high = ""

    def feed(self, text: str) -> str:
        """The text so far that is whole; a first half at the end is kept for the next piece."""
        if not text:
            return ""
        text = self._high + text
        self._high = text[-1] if "\ud800" <= text[-1] <= "\udbff" else ""
        return well_formed(text[:-1] if self._high else text)

    def close(self) -> str:
        """What is left: U+FFFD for a first half whose second never came."""
        rest, self._high = well_formed(self._high), ""
        return rest
