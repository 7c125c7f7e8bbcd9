"""Reading what cells print: `label: value` lines and tables."""

from __future__ import annotations

import re


def line(output: str, label: str) -> str:
    """What follows `label: ` on its line, or an empty text."""
    found = re.search(rf"^{re.escape(label)}: ?(.*)$", output, re.M)
    return found[1].strip() if found else ""


def table(output: str, width: int, after: str = "") -> dict[str, list[str]]:
    """The rows (label -> `width` numbers, as printed) of the first printed table, or of the one that stands under the
    line `after`; the first line after it that is no row ends it."""
    lines = output.split("\n")
    rows: dict[str, list[str]] = {}
    for text in lines[lines.index(after) + 1 if after and after in lines else 0 :]:
        label, *numbers = text.rsplit(maxsplit=width) or [""]
        if len(numbers) == width and all(map(_is_number, numbers)):
            rows[" ".join(label.split())] = numbers
        elif rows and (not text.strip() or text.strip(". ")):  # dots stand for rows that pandas left out
            break
    return rows


def number(text: str) -> float:
    """The value of a printed number; 0 for NaN and for what is none."""
    value = float(text) if _is_number(text) else 0.0
    return value if value == value else 0.0


def ranked(rows: dict[str, list[str]], limit: int = 12) -> str:
    """Table rows as one phrase: "Sun 3.255 (n = 76), Sat 2.993 (n = 87)"."""
    shown = [
        f"{name} {cells[0]}" + (f" (n = {cells[1]})" if len(cells) > 1 else "")
        for name, cells in list(rows.items())[:limit]
    ]
    return ", ".join(shown) + (f", and {len(rows) - limit} more" if len(rows) > limit else "")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
