"""The fixed part of the prompt, one Markdown file an action format."""

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
def system_prompt(action_format: str, language: str) -> str:
    """The system message; the same bytes for the same arguments, below 4 KB."""
    text = (files(__name__) / f"{action_format}.md").read_text("utf-8")
    words = {"{language}": LANGUAGE_NAMES.get(language, language), "{tag}": language}
    for name, value in {**words, "{comment}": COMMENTS.get(language, "#")}.items():
        text = text.replace(name, value)
    return text.strip()
