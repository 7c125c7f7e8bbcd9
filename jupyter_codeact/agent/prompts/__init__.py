"""The fixed part of the prompt, one Markdown file an action format."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

LANGUAGE_NAMES = {"python": "Python", "r": "R", "bash": "Bash", "julia": "Julia", "sql": "SQL"}


@cache
def system_prompt(action_format: str, language: str) -> str:
    """The system message; the same bytes for the same arguments, below 4 KB."""
    text = (files(__name__) / f"{action_format}.md").read_text("utf-8")
    return text.replace("{language}", LANGUAGE_NAMES.get(language, language)).replace("{tag}", language).strip()
