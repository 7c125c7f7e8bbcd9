"""Finding the columns that the words of a question name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from jupyter_codeact.models.analyst.frame import Column

_UNITS = set("mm cm m km mi g kg lb usd eur gbp pct percent h hr min sec s c f".split())


def tokens(text: str) -> list[str]:
    """The words of a text or a column name, lower case, without plural endings."""
    words = re.findall(r"[a-z]+|\d+", re.sub(r"([a-z])([A-Z])", r"\1 \2", text).lower())
    return [re.sub(r"ies$", "y", word) if word.endswith("ies") else re.sub(r"(?<!s)s$", "", word) for word in words]


def named(text: str, columns: Sequence[Column]) -> list[Column]:
    """The columns that the text names, in its order; every word speaks for the column that fits it best."""
    words = tokens(text)
    fits = [fit for column in columns for fit in _fits(words, column)]
    claimed: dict[int, Column] = {}
    for _, places, column in sorted(fits, key=lambda fit: (-fit[0], len(fit[2].name))):
        if not claimed.keys() & places and column not in claimed.values():
            claimed.update(dict.fromkeys(places, column))
    return list(dict.fromkeys(claimed[place] for place in sorted(claimed)))


def without_names(words: str, columns: Sequence[Column]) -> str:
    """The words without column names of several words: "total bill" asks for no total."""
    names = [tokens(column.name) for column in columns]
    patterns = [r"[\s_-]+".join(map(re.escape, name)) for name in names if len(name) > 1]
    return re.sub("|".join(patterns), " ", words) if patterns else words


def _fits(words: list[str], column: Column) -> list[tuple[float, set[int], Column]]:
    """How well the column's name fits at each place of the words: whole, by one of its words, or nearly."""
    name = tokens(column.name)
    parts = [part for part in name if part not in _UNITS] or name
    found: list[tuple[float, set[int], Column]] = []
    for place, word in enumerate(words):
        if words[place : place + len(parts)] == parts:
            found.append((3.0 + len(parts), set(range(place, place + len(parts))), column))
        elif len(parts) > 1 and word in parts and len(word) > 3:
            found.append((1.0 + 1 / len(parts), {place}, column))
        elif len(word) > 4:
            likeness = max((SequenceMatcher(None, word, part).ratio() for part in parts if len(part) > 4), default=0)
            if likeness >= 0.75:
                found.append((likeness, {place}, column))
    return found
