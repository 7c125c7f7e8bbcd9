"""The forms in which a conversation can be had, by name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from jupyter_codeact.errors import Invalid
from jupyter_codeact.events import Event
from jupyter_codeact.exports.finetuning import codeactinstruct, openai
from jupyter_codeact.exports.markdown import markdown
from jupyter_codeact.exports.notebook import ipynb
from jupyter_codeact.journal.fold import State
from jupyter_codeact.journal.reading import Record

NAME_CHARS = 60
_LINES = "application/x-ndjson; charset=utf-8"


@dataclass(frozen=True)
class Format:
    """How a conversation is written; files of `lines` can be joined into one."""

    extension: str
    content_type: str
    write: Callable[[Sequence[Event]], str]
    lines: bool = True


@dataclass(frozen=True)
class Exported:
    """A conversation as a file."""

    file_name: str
    content_type: str
    text: str


def jsonl(events: Sequence[Event]) -> str:
    """The journal: an event a line."""
    return "".join(event.model_dump_json() + "\n" for event in events)


FORMATS = {
    "ipynb": Format(".ipynb", "application/x-ipynb+json; charset=utf-8", ipynb, lines=False),
    "markdown": Format(".md", "text/markdown; charset=utf-8", markdown, lines=False),
    "jsonl": Format(".jsonl", _LINES, jsonl),
    "openai": Format(".openai.jsonl", _LINES, openai),
    "codeactinstruct": Format(".codeactinstruct.jsonl", _LINES, codeactinstruct),
}


def format_named(name: str) -> Format:
    """The format. Raises `Invalid`, naming those that there are."""
    if name not in FORMATS:
        raise Invalid(f"There is no format {name!r:.40}; use one of {', '.join(FORMATS)}.")
    return FORMATS[name]


def export(conversation: Record, form: Format) -> Exported:
    """The conversation in that form."""
    return Exported(file_name(conversation.state, form), form.content_type, form.write(conversation.events))


def file_name(state: State, form: Format) -> str:
    """A name for the file, from the title and the id: letters, digits, - and _, which no system takes for more."""
    kept = "".join(letter if letter.isalnum() else " " for letter in state.title)
    words = "-".join(kept.split())[:NAME_CHARS].strip("-") or "conversation"
    return f"{words}-{state.conversation_id[:8]}{form.extension}"
