"""The bodies of the commands, checked."""

from __future__ import annotations

from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from jupyter_codeact.agent.excerpt import SentNotebook
from jupyter_codeact.errors import Invalid, TooLarge
from jupyter_codeact.events import Approval, Attachment, Decision
from jupyter_codeact.models.well_formed import well_formed_tree
from jupyter_codeact.server.attachments import MOST

MAX_TEXT = 1_000_000
"""Characters of one message or source."""


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class NewConversation(_Body):
    notebook_path: str
    kernel_id: str = ""
    conversation_id: str = ""


class MovedNotebook(_Body):
    """`conversations` are those that the notebook, now at `notebook_path`, has a record of."""

    notebook_path: str
    conversations: tuple[str, ...] = Field(min_length=1, max_length=500)


class NewBranch(_Body):
    """Before message `seq` of a conversation."""

    conversation_id: str
    seq: int


class BranchedConversation(_Body):
    branch: NewBranch
    conversation_id: str = ""


class Switches(_Body):
    """What the user lets the model see; `hidden` names variables that it is not told of."""

    notebook: bool = True
    variables: bool = True
    hidden: tuple[str, ...] = ()


class NewMessage(_Body):
    """`model` names a connection, or is "offline"; `client` is the page that will write the notebook. Attached files
    and variables are named, and read here."""

    message_id: str = Field(min_length=1, max_length=128)
    text: str = Field(min_length=1)
    kernel_id: str = ""
    notebook: SentNotebook = SentNotebook()
    attachments: tuple[Attachment, ...] = Field(default=(), max_length=MOST)
    context: Switches = Switches()
    approval: Approval | None = None
    model: str = ""
    client: str = ""


class NewRevision(_Body):
    revision_id: str = Field(min_length=1, max_length=128)
    text: str = Field(min_length=1)


class NewDecision(_Body):
    """`approval` holds from now on, for the rest of the run; it goes with a cell that is to run."""

    decision_id: str = Field(min_length=1, max_length=128)
    step: int
    decision: Decision
    source: str = ""
    note: str = ""
    approval: Approval | None = None


class SeenCell(_Body):
    """A cell of the agent's as the page has it; without `source` it was deleted."""

    cell_id: str = Field(min_length=1, max_length=64)
    source: str | None = Field(default=None, max_length=MAX_TEXT)


class NewChanges(_Body):
    change_id: str = Field(min_length=1, max_length=128)
    cells: tuple[SeenCell, ...] = Field(max_length=200)


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


class NewPrice(_Body):
    """What a million tokens cost, see `Price`."""

    prompt: float = Field(ge=0)
    completion: float = Field(ge=0)
    cached: float | None = Field(default=None, ge=0)


class NewConnection(_Body):
    """What is absent stays as it is stored; so do the key and the extra headers when they are empty."""

    base_url: str = ""
    model: str = ""
    api_key: str = ""
    extra_headers: dict[str, str] = {}
    extra_body: dict[str, Any] = {}
    price: NewPrice | None = None
    context_tokens: int | None = Field(default=None, ge=1, le=100_000_000)
    vision: bool | None = None
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
