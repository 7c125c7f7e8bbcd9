"""A conversation as one Markdown text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from jupyter_codeact.agent.mimebundle import image_mime
from jupyter_codeact.agent.tables import html_text
from jupyter_codeact.agent.text import joined, plain
from jupyter_codeact.agent.tracebacks import error_text
from jupyter_codeact.events import Event
from jupyter_codeact.exports.passages import Note, Passage, Ran, Refused, Said, harmless, passages
from jupyter_codeact.exports.words import fenced, heading, one_line, quoted
from jupyter_codeact.journal.fold import Cell, State, fold


def markdown(events: Sequence[Event], *, images: bool = True) -> str:
    """The whole conversation. Images stand in it as data URIs, or with `images` False are only named."""
    state = fold(events)
    parts = [heading(state)]
    for passage in passages(events, state):
        parts += _parts(passage, state, images)
    return "\n\n".join(part for part in parts if part) + "\n"


def _parts(passage: Passage, state: State, images: bool) -> Iterator[str]:
    match passage:
        case Said(_, text, by_user):
            yield quoted(text) if by_user else text
        case Note(_, text):
            yield f"*{harmless(one_line(text))}*"
        case Refused(_, source):
            yield fenced(plain(source), state.language)
        case Ran(_, cell):
            yield fenced(plain(cell.source), state.language)
            yield from _outputs(cell, images)


def _outputs(cell: Cell, images: bool) -> Iterator[str]:
    for number, output in enumerate(cell.outputs, start=1):
        mime = image_mime(output)
        if mime is not None:
            yield _image(joined(output["data"][mime]), mime, f"output {number}", images)
        elif text := _text(output):
            yield fenced(text)
    if cell.status not in ("ok", "error"):
        yield f"*The cell was {'still running' if cell.status == 'running' else cell.status}.*"


def _image(data: str, mime: str, name: str, shown: bool) -> str:
    return f"![{name}](data:{mime};base64,{''.join(data.split())})" if shown else f"[{name}: {mime}]"


def _text(output: Mapping[str, Any]) -> str:
    """What an output says, in plain text; of an error the short form that the model was shown."""
    match output.get("output_type"):
        case "stream":
            text = joined(output.get("text"))
        case "error":
            text = error_text(output)[0]
        case _:
            data = output.get("data")
            data = data if isinstance(data, Mapping) else {}
            text = next((joined(data[mime]) for mime in ("text/plain", "text/markdown") if mime in data), "")
            text = text or html_text(joined(data.get("text/html")))[0] or f"[{', '.join(map(str, data))}]"
    return plain(text).strip("\n")
