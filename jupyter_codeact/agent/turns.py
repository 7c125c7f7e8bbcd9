"""The text form of what the model is told in the user role: messages, observations, problems, news.

Between two replies the model may be told several things; they become one chat message (some endpoints refuse two in a
row of the same role), each block between its own tags so that they can be told apart, and split again. The tags carry
the conversation's nonce: a tag without it is part of the data that it stands in.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias

from jupyter_codeact.agent.nonce import PATTERN, restored, without
from jupyter_codeact.events import Attachment, CellSource, NotebookContext, UserMessage, Variable

Tag: TypeAlias = Literal["message", "notebook", "variables", "attachment", "observation", "problem", "news"]
_BLOCK = re.compile(
    rf"^<(message|notebook|variables|attachment|observation|problem|news)(?: ({PATTERN}))?(?: [^>\n]*)?>\n"
    r"(.*?)\n?^</\1(?(2) \2)>$",
    re.DOTALL | re.MULTILINE,
)
_ATTRIBUTES = str.maketrans({">": "&gt;", "\n": " ", "\r": " "})
"""File names may hold what would end an opening tag."""


OUTPUT_MARK = "# output of cell"
"""The line between a cell's source and what it put out, before its id."""


class Block(NamedTuple):
    """One thing that the model is told."""

    tag: Tag
    text: str


def block(tag: Tag, text: str, attributes: str = "", *, nonce: str = "") -> str:
    """`text` between the lines `<tag nonce attributes>` and `</tag nonce>`; a closing tag inside the text is broken up,
    and so is the nonce wherever else it stands. With an empty nonce the tags are bare."""
    safe = re.sub(rf"<(\\*)/{tag}>", rf"<\\\1/{tag}>", without(text, nonce))
    marked = f"{tag} {nonce}" if nonce else tag
    opening = f"{marked} {without(attributes.translate(_ATTRIBUTES), nonce)}" if attributes else marked
    return f"<{opening}>\n{safe}\n</{marked}>"


def head(text: str, chars: int | None, more: str = "") -> str:
    """The first `chars` characters of `text`, to the end of a line where one is near, and how much was left out with
    what else (`more`). The whole text where `chars` is None, or where nothing would be won and `more` is empty."""
    if chars is None:
        return text
    kept = text[:chars]
    kept = kept[: end if (end := kept.rfind("\n")) >= chars // 2 else chars]
    missing = len(text) - len(kept)
    mark = f"\n[{missing:,} more characters{more} were shown here; left out since, as the conversation became too long]"
    return text if missing <= len(mark) and not more else kept + mark


def message_blocks(message: UserMessage, chars: int | None = None, *, nonce: str = "") -> str:
    """The user's words, then their attachments, then what the notebook and its kernel hold; of each of these no more
    than about `chars` characters."""
    blocks = [block("message", message.text, nonce=nonce)]
    blocks += [
        block("attachment", head(_attached(item), chars), _attributes(item), nonce=nonce)
        for item in message.attachments
    ]
    context = message.context
    if cells := [_cell(cell, context) for cell in context.cells if cell.source.strip()]:
        more = [f"[{context.cells_left_out:,} more cells are not shown]"] if context.cells_left_out else []
        blocks.append(block("notebook", head("\n\n".join(cells + more), chars), f'path="{context.path}"', nonce=nonce))
    if variables := _variables(context):
        blocks.append(block("variables", head("\n".join(variables), chars), nonce=nonce))
    return "\n".join(blocks)


def _attributes(attachment: Attachment) -> str:
    kind = "" if attachment.kind == "text" else f'kind="{attachment.kind}" '
    return f'{kind}name="{attachment.name}"'


def _attached(attachment: Attachment) -> str:
    return attachment.text or (f"[{attachment.mime}]" if attachment.data else "")


def _cell(cell: CellSource, context: NotebookContext) -> str:
    facts: list[str] = [cell.cell_type]
    facts += [] if cell.execution_count is None else [f"[{cell.execution_count}]"]
    facts += ["active"] if cell.cell_id == context.active_cell_id else []
    output = f"\n{OUTPUT_MARK} {cell.cell_id}\n{cell.output}" if cell.output else ""
    return f"# cell {cell.cell_id} ({', '.join(facts)})\n{cell.source}{output}"


def _variables(context: NotebookContext) -> list[str]:
    """A line or more for each variable, and for what is missing."""
    lines = [line for variable in context.variables for line in _variable(variable)]
    if context.variables_left_out:
        lines.append(f"[{context.variables_left_out:,} more variables are not shown]")
    return lines + ([f"[{context.note}]"] if context.note else [])


def _variable(variable: Variable) -> list[str]:
    summary = f", {variable.summary}" if variable.summary else ""
    columns = ", ".join(f"{column.name} {column.dtype}".strip() for column in variable.columns)
    return [
        f"{variable.name}: {variable.type}{summary}",
        *([f"  columns: {columns}"] if columns else []),
        *(f"  {row}" for row in variable.rows.splitlines()),
    ]


def variable_text(variable: Variable) -> str:
    """What the model is told of a variable that the user attached."""
    return "\n".join(_variable(variable))


def split(text: str) -> list[Block]:
    """The blocks of a chat message, in order; the inverse of joining `block`s of one nonce with line breaks."""
    found = []
    for match in _BLOCK.finditer(text):
        tag: Tag = match[1]  # type: ignore[assignment]
        closed = re.sub(rf"<\\(\\*)/{tag}>", rf"<\1/{tag}>", match[3])
        found.append(Block(tag, restored(closed, match[2] or "")))
    return found
