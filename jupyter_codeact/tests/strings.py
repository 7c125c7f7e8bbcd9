"""The strings of the front end that can be translated, read from its sources.

`python -m jupyter_codeact.tests.strings` prints what the catalogues of `jupyter_codeact/locale` lack, and what they
have that no source has.
"""

from __future__ import annotations

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
SOURCES = PACKAGE.parent / "src"
CATALOGUES = sorted((PACKAGE / "locale").glob("*/LC_MESSAGES/jupyter_codeact.json"))

_LITERAL = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_CALL = re.compile(rf"\btrans\.(__|_n)\(\s*(?:{_LITERAL}\s*(?:,\s*{_LITERAL})?)?")


def strings() -> dict[str, str]:
    """The strings in the sources, each with its plural or the empty string; raises for one that is no literal."""
    return {
        one: many for path in sorted(SOURCES.rglob("*.ts*")) if "__tests__" not in path.parts for one, many in _of(path)
    }


def _of(path: Path) -> Iterator[tuple[str, str]]:
    for call in _CALL.finditer(path.read_text("utf-8")):
        kind, one, many = call.groups()
        if one is None:
            raise ValueError(
                f"{path.name}: {call.group()}... is not given a string literal, which cannot be translated"
            )
        yield _text(one), _text(many) if kind == "_n" else ""


def _text(literal: str) -> str:
    """What a TypeScript literal says; its escapes are Python's too."""
    text = ast.literal_eval(literal)
    assert isinstance(text, str)
    return text


def catalogue(path: Path) -> dict[str, list[str]]:
    """The translations in `path`: one text, or one a plural form."""
    entries: dict[str, list[str]] = json.loads(path.read_text("utf-8"))
    return {text: entry for text, entry in entries.items() if text}


def main() -> int:
    """Prints what is missing and what is left over; 1 when there is any."""
    known = strings()
    found = False
    for path in CATALOGUES:
        translated = catalogue(path)
        language = path.parts[-3]
        for label, texts in (("missing", known.keys() - translated), ("unused", translated.keys() - known)):
            for text in sorted(texts):
                found = True
                sys.stdout.write(f"{language}: {label}: {json.dumps(text, ensure_ascii=False)}\n")
    return int(found)


if __name__ == "__main__":
    sys.exit(main())
