"""What users attach to a message: files are read, images made small enough, variables asked of the kernel."""

from __future__ import annotations

import asyncio
import base64
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jupyter_codeact.agent.images import SENDABLE, image_part
from jupyter_codeact.agent.text import cut, size
from jupyter_codeact.agent.turns import variable_text
from jupyter_codeact.errors import Invalid, TooLarge
from jupyter_codeact.events import Attachment, Variable
from jupyter_codeact.kernels.variables import Reading

MAX_FILE = 1_000_000
"""Bytes of a text file."""
MAX_IMAGE = 10_000_000
MOST = 20
"""Attachments of one message."""
SHOWN_CHARS = 20_000
"""How much of one attachment the model is shown: its head and its tail."""

_IMAGES = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp"}


LIMITS = {"most": MOST, "file_bytes": MAX_FILE, "image_bytes": MAX_IMAGE}
"""What the panel says before a message is sent."""


@dataclass(frozen=True)
class Files:
    """The files that the server shows: those below `root`, whose links are resolved. Without a root, none."""

    root: str
    allow_hidden: bool = False

    def read(self, name: str, most: int) -> bytes:
        """The content of the file `name`, at most so many bytes. Raises `Invalid` or `TooLarge`."""
        path = self._inside(name)
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                raise Invalid(f"{name} is not a file. Attach files only.")
            if status.st_size > most:
                raise TooLarge(
                    f"{name} is larger than {size(most)}. Name it in the message instead: the kernel can read it."
                )
            with path.open("rb") as file:
                return file.read(most)
        except OSError as error:
            raise Invalid(f"{name} cannot be read: {error.strerror}.") from None

    def _inside(self, name: str) -> Path:
        """The file, which is below the root where all links are followed."""
        if not self.root:
            raise Invalid("Files cannot be attached: this server keeps them in no folder.")
        root = Path(self.root)
        try:
            path = (root / name.lstrip("/")).resolve()
            relative = path.relative_to(root)
        except (ValueError, OSError, RuntimeError):  # outside, a zero character, a name too long, a circle of links
            raise Invalid(f"{name} is not among the files of this server.") from None
        named = (*relative.parts, *Path(name).parts)
        if not self.allow_hidden and any(part.startswith(".") and part != ".." for part in named):
            raise Invalid(f"{name} is a hidden file; it is not attached.")
        return path


async def read_files(attachments: Iterable[Attachment], files: Files) -> tuple[Attachment, ...]:
    """The attachments with what the model is shown of texts, files and images; variables are left as they are.

    Raises `Invalid` or `TooLarge`.
    """
    return tuple([await asyncio.to_thread(_read, attachment, files) for attachment in attachments])


def variable_names(attachments: Iterable[Attachment]) -> list[str]:
    """The variables, or columns, that are attached."""
    return [attachment.name for attachment in attachments if attachment.kind == "variable"]


def with_variables(attachments: Sequence[Attachment], reading: Reading) -> tuple[Attachment, ...]:
    """The attachments with what the model is shown of variables. Raises `Invalid` when there is none of a name."""
    found = iter(reading.wanted)
    return tuple(
        _with_variable(attachment, found, reading.note) if attachment.kind == "variable" else attachment
        for attachment in attachments
    )


def _with_variable(attachment: Attachment, found: Iterator[Variable | None], note: str) -> Attachment:
    if note:
        return attachment.model_copy(update={"text": f"[{note}]"})
    variable = next(found, None)
    if variable is None:
        raise Invalid(f"There is no variable {attachment.name[:100]} in the kernel.")
    return attachment.model_copy(update={"text": _shortened(variable_text(variable))})


def _read(attachment: Attachment, files: Files) -> Attachment:
    match attachment.kind:
        case "image":
            return _image(attachment, attachment.data, attachment.mime)
        case "file":
            return _file(attachment, files)
        case _:
            if len(attachment.text) > MAX_FILE:
                raise TooLarge(f"{attachment.name} has more than {MAX_FILE:,} characters. Attach less of it.")
            return Attachment(kind=attachment.kind, name=attachment.name, text=_shortened(attachment.text))


def _file(attachment: Attachment, files: Files) -> Attachment:
    name = attachment.name
    if mime := _IMAGES.get(Path(name).suffix.lower()):
        return _image(attachment, base64.b64encode(files.read(name, MAX_IMAGE)).decode("ascii"), mime)
    content = files.read(name, MAX_FILE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise Invalid(f"{name} is neither text in UTF-8 nor an image. Name it in the message: the kernel can read it.")
    return Attachment(kind="file", name=name, text=_shortened(text))


def _image(attachment: Attachment, data: str, mime: str) -> Attachment:
    """The image as it will be sent, so that what is recorded is what was shown."""
    if len(data) > MAX_IMAGE * 4 // 3 + 4:
        raise TooLarge(f"{attachment.name} has more than {size(MAX_IMAGE)}. Attach a smaller image.")
    part, note = image_part(data, mime)
    if part is None:
        kinds = ", ".join(kind.removeprefix("image/").upper() for kind in SENDABLE)
        raise Invalid(f"{attachment.name} is no image that can be sent ({note}). Attach one of {kinds}.")
    head, _, encoded = part["image_url"]["url"].partition(",")
    mime = head.removeprefix("data:").removesuffix(";base64")
    return Attachment(kind=attachment.kind, name=attachment.name, text=f"[{mime}, {note}]", mime=mime, data=encoded)


def _shortened(text: str) -> str:
    return cut(text, SHOWN_CHARS)[0]
