"""The text form of what the model is told in the user role: messages, observations, problems, news.

Between two replies the model may be told several things; they become one chat message (some endpoints refuse two in a
row of the same role), each block between its own tags so that they can be told apart, and split again.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias

from jupyter_codeact.events import UserMessage

Tag: TypeAlias = Literal["message", "notebook", "attachment", "observation", "problem", "news"]
_BLOCK = re.compile(
    r"^<(message|notebook|attachment|observation|problem|news)([^>\n]*)>\n(.*?)\n?^</\1>$", re.DOTALL | re.MULTILINE
)
_ATTRIBUTES = str.maketrans({">": "&gt;", "\n": " ", "\r": " "})
"""File names may hold what would end an opening tag."""


class Block(NamedTuple):
    """One thing that the model is told."""

    tag: Tag
    text: str


def block(tag: Tag, text: str, attributes: str = "") -> str:
    """`text` between the lines `<tag attributes>` and `</tag>`; a closing tag inside the text is broken up."""
    safe = re.sub(rf"<(\\*)/{tag}>", rf"<\\\1/{tag}>", text)
    opening = f"{tag} {attributes.translate(_ATTRIBUTES)}" if attributes else tag
    return f"<{opening}>\n{safe}\n</{tag}>"


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


def message_blocks(message: UserMessage, chars: int | None = None) -> str:
    """The user's words, then their attachments, then what the notebook holds; of each of these no more than about
    `chars` characters."""
    blocks = [block("message", message.text)]
    blocks += [block("attachment", head(item.text, chars), f'name="{item.name}"') for item in message.attachments]
    active = message.context.active_cell_id
    cells = [
        f"# cell {cell.cell_id} ({cell.cell_type}{', active' if cell.cell_id == active else ''})\n{cell.source}"
        for cell in message.context.cells
        if cell.source.strip()
    ]
    if cells:
        blocks.append(block("notebook", head("\n\n".join(cells), chars), f'path="{message.context.path}"'))
    return "\n".join(blocks)


def split(text: str) -> list[Block]:
    """The blocks of a chat message, in order; the inverse of joining `block`s with line breaks."""
    found = []
    for match in _BLOCK.finditer(text):
        tag: Tag = match[1]  # type: ignore[assignment]
        found.append(Block(tag, re.sub(rf"<\\(\\*)/{tag}>", rf"<\1/{tag}>", match[3])))
    return found
