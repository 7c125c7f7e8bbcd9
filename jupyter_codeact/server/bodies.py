"""The bodies of the commands, checked."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jupyter_codeact.errors import Invalid, TooLarge
from jupyter_codeact.events import Approval, Attachment, Decision, NotebookContext
from jupyter_codeact.models.well_formed import well_formed_tree

MAX_TEXT = 1_000_000
"""Characters of one message or source."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class NewConversation(_Body):
    notebook_path: str
    kernel_id: str = ""
    conversation_id: str = ""


class NewMessage(_Body):
    """`model` names a connection, or is "offline"; `client` is the page that will write the notebook."""

    message_id: str = Field(min_length=1, max_length=128)
    text: str = Field(min_length=1)
    kernel_id: str = ""
    notebook: NotebookContext = NotebookContext()
    attachments: tuple[Attachment, ...] = ()
    approval: Approval | None = None
    model: str = ""
    client: str = ""


class NewDecision(_Body):
    """`approval` holds from now on, for the rest of the run; it goes with a cell that is to run."""

    decision_id: str = Field(min_length=1, max_length=128)
    step: int
    decision: Decision
    source: str = ""
    note: str = ""
    approval: Approval | None = None


class NewStop(_Body):
    stop_id: str = ""


class NewContinue(_Body):
    """`steps` None: as many as a run has."""

    continue_id: str = ""
    steps: int | None = Field(default=None, ge=1, le=1000)
    kernel_id: str = ""
    approval: Approval | None = None
    model: str = ""
    client: str = ""


class NewTitle(_Body):
    title: str = Field(min_length=1, max_length=200)


class NewConnection(_Body):
    base_url: str = Field(min_length=1)
    model: str = ""
    api_key: str = ""
    extra_headers: dict[str, str] = {}
    extra_body: dict[str, Any] = {}
    chosen: bool = False


B = TypeVar("B", bound=_Body)


def parse(kind: type[B], body: dict[str, Any]) -> B:
    """The body as `kind`. Raises `Invalid`, naming the field, or `TooLarge`; never quotes a value: it may be a key."""
    try:
        parsed = kind.model_validate(well_formed_tree(body))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"{where}: {first['msg']}") from None
    for name in ("text", "source", "note"):
        if len(getattr(parsed, name, "")) > MAX_TEXT:
            raise TooLarge(f"{name}: over {MAX_TEXT:,} characters. Attach it as a file, or shorten it.")
    return parsed
