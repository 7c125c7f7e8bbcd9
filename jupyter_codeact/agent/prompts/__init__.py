"""The fixed part of the prompt: one Markdown file an action format, and the rules that hold in all of them."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LANGUAGE_NAMES = {"python": "Python", "r": "R", "bash": "Bash", "julia": "Julia", "sql": "SQL"}
COMMENTS = {
    "sql": "--",
    "haskell": "--",
    "lua": "--",
    "javascript": "//",
    "typescript": "//",
    "c++": "//",
    "java": "//",
}
"""What begins a comment, where that is not `#`."""


@cache
def system_prompt(action_format: str, language: str, functions: tuple[str, ...] = ()) -> str:
    """The system message; the same bytes for the same arguments, below 4 KB but for the signatures of `functions`,
    which are named to a model that can only call those."""
    values = {
        "{rules}": _read("rules"),
        "{functions}": "\n".join(f"- {signature}" for signature in functions) or "- (none)",
        "{language}": LANGUAGE_NAMES.get(language, language),
        "{tag}": language,
        "{comment}": COMMENTS.get(language, "#"),
    }
    text = _read(action_format)
    for hole, value in values.items():
        text = text.replace(hole, value)
    return text


def _read(name: str) -> str:
    return (files(__name__) / f"{name}.md").read_text("utf-8").strip()
