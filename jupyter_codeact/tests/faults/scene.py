"""A conversation with a model behind a real endpoint that misbehaves, and what holds when it is over."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from pathlib import Path
from typing import Any

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.events import (
    Activity,
    ConversationStarted,
    Notice,
    ReplyDelta,
    RunFinished,
    RunStarted,
    UserMessage,
)
from jupyter_codeact.journal.file_journal import FileJournal
from jupyter_codeact.journal.fold import Step
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.testing import FakeEnvironment
from jupyter_codeact.tests.aftermath import check_journal, check_run, check_secret, nothing_left
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Item

KEY = "sk-canary-0123456789abcdef"
WAITS = {"first_retry_delay": 0.01, "retries": 1, "first_byte_seconds": 5.0, "idle_seconds": 5.0}

UNFINISHED = "Now:\n\n```python\nopen('never').write('x')"
"""A reply whose action is not complete: nothing of it may run."""

BEGINNINGS = ("conversation_started", "user_message", "run_started")


class Heard(FileJournal):
    """A journal that keeps what its followers were told besides its events."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.told: list[Notice] = []

    def notify(self, notice: Notice) -> None:
        self.told.append(notice)
        super().notify(notice)


class Scene:
    """One conversation, with its journal in a file."""

    def __init__(self, journal: Heard, model: OpenAIModel, endpoint: Endpoint) -> None:
        self.journal = journal
        self.model = model
        self.endpoint = endpoint
        self.kernel = FakeEnvironment()

    async def run(self, *script: Item) -> RunFinished:
        """How a run ended to which the endpoint replied with `script`."""
        self.endpoint.set_script(script)
        await self.journal.append(UserMessage(message_id=f"m{self.journal.state.seq}", text="Go"))
        return await self.go_on()

    async def go_on(self) -> RunFinished:
        """How a run ended that began where the one before had ended, as by a click on "Try again"."""
        await self.journal.append(RunStarted(run_id=f"r{self.journal.state.seq}", model="m", approval="auto"))
        return await Agent(self.journal, self.model, self.kernel).run()

    @property
    def steps(self) -> list[Step]:
        return self.journal.state.steps

    @property
    def kinds(self) -> list[str]:
        """The kinds of the events, without those that begin a run."""
        return [event.kind for event in self.journal.events if event.kind not in BEGINNINGS]

    @property
    def waits(self) -> list[str]:
        """What the user read while the model was asked again."""
        return [notice.detail for notice in self.journal.told if isinstance(notice, Activity) and notice.detail]

    @property
    def voided(self) -> int:
        """How often what had been streamed was called void."""
        return sum(isinstance(notice, ReplyDelta) and notice.restart for notice in self.journal.told)

    def last_words(self) -> str:
        """The end of what the model was told last."""
        return str(self.endpoint.requests[-1].body["messages"][-1]["content"])


@asynccontextmanager
async def scene(folder: Path, *script: Item, **settings: Any) -> AsyncIterator[Scene]:
    """A conversation that begins, with `settings` of the model; at the end, all that must hold after a fault does."""
    log = io.StringIO()
    async with nothing_left():
        with everything_logged(log), closing(Heard(folder / "conversation.jsonl")) as journal:
            await journal.append(ConversationStarted(conversation_id="c", notebook_path="a.ipynb"))
            async with Endpoint(script) as endpoint:
                model = OpenAIModel(endpoint.base_url, KEY, "m", **{**WAITS, **settings})
                try:
                    yield Scene(journal, model, endpoint)
                finally:
                    await model.aclose()
            state = journal.state
        check_journal(journal.path, state)
        check_run(state)
        check_secret([folder, log.getvalue(), repr(journal.told)], KEY)
        assert "Traceback" not in log.getvalue()


@contextmanager
def everything_logged(log: io.StringIO) -> Iterator[None]:
    """All that any logger says, however little it matters, is written to `log`."""
    root = logging.getLogger()
    level, handler = root.level, logging.StreamHandler(log)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
