"""Pieces of Markdown that hold whatever text they are given."""

from __future__ import annotations

import re

from jupyter_codeact.agent.text import plain
from jupyter_codeact.exports.passages import harmless
from jupyter_codeact.journal.fold import State


def heading(state: State) -> str:
    """The conversation's title, and under it what it was about, with whom, and when."""
    title = harmless(one_line(state.title)) or "Conversation"
    models = dict.fromkeys(run.model for run in state.runs)
    facts = [state.notebook_path, ", ".join(models), state.started_at[:16].replace("T", " ")]
    about = " · ".join(harmless(one_line(fact)) for fact in facts if fact)
    return f"# {title}\n\n{about}" if about else f"# {title}"


def fenced(text: str, language: str = "") -> str:
    """`text` as a code block that nothing within it can end."""
    longest = max(map(len, re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def quoted(text: str) -> str:
    """`text` as a block quote."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def one_line(text: str) -> str:
    """`text` with its white space made single spaces."""
    return " ".join(plain(text).split())
