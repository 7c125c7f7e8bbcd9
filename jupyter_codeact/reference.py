"""`python -m jupyter_codeact.reference [--check]`: the parts of the documentation that the code knows better.

Writes, between the markers of `docs/configuration.md` and `docs/connections.md`, the settings, the environment
variables and the providers; with `--check` it changes nothing and exits 1 when one of them is out of date.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

from traitlets import Bool, Dict, Float, Int, List, TraitType, Tuple, Unicode

from jupyter_codeact.models.choice import VARIABLES
from jupyter_codeact.models.providers import HOSTED, LOCAL
from jupyter_codeact.settings import CodeAct

DOCS = Path(__file__).parent.parent / "docs"
PAGES = ("configuration.md", "connections.md")
_KINDS: MappingProxyType[type, str] = MappingProxyType(
    {
        Bool: "`True` or `False`",
        Dict: "dictionary",
        Float: "number",
        Int: "whole number",
        List: "list",
        Tuple: "two numbers",
        Unicode: "text",
    }
)
# Where the default depends on the machine, it is said in words.
_DEFAULTS_IN_WORDS = MappingProxyType({"journal_dir": "`codeact/conversations` in Jupyter's data directory"})


def settings() -> str:
    """The traits of `c.CodeAct`, in the order in which they are written down."""
    traits = [
        trait for trait in vars(CodeAct).values() if isinstance(trait, TraitType) and trait.metadata.get("config")
    ]
    return "\n\n".join(f"**`CodeAct.{trait.name}`** ({_kind(trait)})\\\n{_wrapped(trait.help)}" for trait in traits)


def _kind(trait: TraitType[object, object]) -> str:
    """What values it takes, and its default."""
    values = getattr(trait, "values", None)
    kind = ", ".join(f"`{value!r}`" for value in values) if values else _KINDS[type(trait)]
    words = _DEFAULTS_IN_WORDS.get(trait.name or "", f"`{trait.default()!r}`")
    return f"{kind}; default {words}"


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False)


def variables() -> str:
    """The environment variables, a row each."""
    rows = [f"| `{name}` | {meaning} |" for name, meaning in VARIABLES.items()]
    return "\n".join(["| variable | meaning |", "| --- | --- |", *rows])


def hosted() -> str:
    """The hosted providers, three lines each."""
    return "\n\n".join(
        f"**{item.name}**\\\n`{item.base_url}` · [make a key]({item.key_page})\\\n{_wrapped(item.note)}"
        for item in HOSTED
    )


def local() -> str:
    """The servers for one's own machine, three lines each."""
    return "\n\n".join(
        f"**{item.name}**\\\n`{item.base_url}` · start it: `{item.start}`\\\n{_wrapped(item.note)}" for item in LOCAL
    )


PARTS: MappingProxyType[str, Callable[[], str]] = MappingProxyType(
    {"settings": settings, "variables": variables, "hosted": hosted, "local": local}
)


def filled(page: str) -> str:
    """The page with all its generated parts current. Raises `KeyError` for a marker that names no part."""

    def part(match: re.Match[str]) -> str:
        name = match["name"]
        return f"<!-- generated: {name} -->\n\n{PARTS[name]()}\n\n<!-- end: {name} -->"

    return re.sub(r"<!-- generated: (?P<name>\w+) -->.*?<!-- end: (?P=name) -->", part, page, flags=re.DOTALL)


def main(arguments: list[str]) -> int:
    """Exit code 0 when the pages are current (now)."""
    pages = {DOCS / name: (DOCS / name).read_text("utf-8") for name in PAGES}
    stale = [path for path, text in pages.items() if filled(text) != text]
    if "--check" in arguments:
        for path in stale:
            sys.stderr.write(f"{path.name} is out of date: run python -m jupyter_codeact.reference\n")
        return 1 if stale else 0
    for path in stale:
        path.write_text(filled(pages[path]), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
