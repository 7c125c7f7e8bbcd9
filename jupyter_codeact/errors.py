"""One tree of errors; everything that the product itself raises is in it.

    CodeActError
    ├── FormatError          the model's reply asks for nothing that can be done; answered to the model
    ├── LimitExceeded        the run's steps, seconds or tokens are spent
    ├── Stalled              the run gets no further; the text says how that shows
    ├── ModelError           the model endpoint failed; the text says what to do
    │   ├── Refusal          it answered with an HTTP error (in models/failures.py)
    │   └── ToolsRefused     it takes no functions
    ├── KernelError          the kernel cannot be used; the text says why
    │   └── KernelGone       it died or was replaced while a cell ran
    ├── DocumentError        the notebook cannot be read or written
    ├── JournalError         the conversation's journal cannot be used
    │   ├── JournalCorrupt   a line that is not the last one is damaged; names file and line
    │   ├── JournalLocked    another server writes this journal
    │   ├── JournalClosed    the server ends, or the conversation was deleted, while a command was on its way (HTTP 503)
    │   └── JournalNewer     a later version wrote it
    └── CommandError         a user's command cannot be carried out
        ├── Invalid          malformed (HTTP 400)
        ├── Unknown          names something that does not exist (HTTP 404)
        ├── Forbidden        the administrator does not allow it (HTTP 403)
        ├── Conflict         contradicts the present state (HTTP 409)
        └── TooLarge         over a size limit (HTTP 413)

Every text is one line for the user: what is wrong, then what to do. It never contains a key.
Errors in the user's code are observations, never exceptions of this tree.
"""

from __future__ import annotations


class CodeActError(Exception):
    """Base of all errors of this package; `str(error)` is one line for the user."""


class FormatError(CodeActError):
    """The reply cannot be understood; the text is what the model is told."""


class LimitExceeded(CodeActError):
    """A limit of the run is reached; the text names it."""


class Stalled(CodeActError):
    """The run does the same again and again, although the model was told."""


class ModelError(CodeActError):
    """The model endpoint failed.

    `reason` is a short code for programs (`unreachable`, `unauthorized`, `not_found`, `rate_limited`,
    `context_too_long`, `refused`, `cut`, `not_an_endpoint`, `server_error`, `timeout`);
    `retryable` says that the same request may succeed later; `retry_after` is in seconds, where the endpoint gave one.
    A refusal as `context_too_long` may tell the model's limit, `context_tokens`, and what the request had,
    `prompt_tokens`; 0 where it does not.
    """

    def __init__(
        self,
        text: str,
        *,
        reason: str = "refused",
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(text)
        self.reason = reason
        self.retryable = retryable
        self.retry_after = retry_after
        self.context_tokens = 0
        self.prompt_tokens = 0


class ToolsRefused(ModelError):
    """The endpoint takes no functions; the same can be asked for without them."""


class KernelError(CodeActError):
    """The kernel cannot be used."""


class KernelGone(KernelError):
    """The kernel died, was restarted or replaced while it was in use."""


class DocumentError(CodeActError):
    """The notebook cannot be read or written."""


class JournalError(CodeActError):
    """The journal cannot be used."""


class JournalCorrupt(JournalError):
    """A journal holds a damaged line that is not a torn last one."""


class JournalLocked(JournalError):
    """Another process writes this journal."""


class JournalClosed(JournalError):
    """The journal was closed while a command was on its way."""

    def __init__(self) -> None:
        super().__init__(
            "The conversation was closed while this was on its way, as when the server ends: try again once it is back."
        )


class JournalNewer(JournalError):
    """A later version of this package wrote the journal."""


class CommandError(CodeActError):
    """A user's command cannot be carried out."""


class Invalid(CommandError):
    """The command is malformed."""


class Unknown(CommandError):
    """The command names something that does not exist."""


class Forbidden(CommandError):
    """The administrator's settings do not allow what the command asks for."""


class Conflict(CommandError):
    """The command contradicts the present state."""


class TooLarge(CommandError):
    """The command is over a size limit."""
