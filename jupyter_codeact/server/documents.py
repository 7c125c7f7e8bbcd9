"""The notebooks that the server writes itself: those that real-time collaboration shares."""

from __future__ import annotations

import asyncio
import logging
from typing import Literal

from jupyter_server.serverapp import ServerApp

from jupyter_codeact.documents.shared_document import Collaboration, SharedDocument
from jupyter_codeact.errors import DocumentError
from jupyter_codeact.events import Unwritten
from jupyter_codeact.journal.journal import Journal

log = logging.getLogger(__name__)


class ServerDocuments:
    """A shared notebook follows each conversation that is at work or looked at; without collaboration, none does."""

    def __init__(self, server: ServerApp) -> None:
        self._collaboration = Collaboration.of(server)
        self._documents: dict[str, SharedDocument] = {}
        self._following: dict[str, asyncio.Task[None]] = {}
        self._problems: dict[str, str] = {}

    @property
    def writer(self) -> Literal["browser", "server"]:
        """Who writes the cells of conversations into notebooks."""
        return "browser" if self._collaboration is None else "server"

    def follow(self, journal: Journal) -> None:
        """The notebook of the conversation holds what `journal` holds, soon and from then on."""
        conversation_id = journal.state.conversation_id
        known = self._following.get(conversation_id)
        if self._collaboration is not None and (known is None or known.done()):
            self._following[conversation_id] = asyncio.create_task(self._keep(self._collaboration, journal))

    def problem(self, journal: Journal) -> str:
        """Why the notebook does not hold the latest cells, in one line for the user; empty while it does."""
        return self._problems.get(journal.state.conversation_id, "")

    async def forget(self, conversation_id: str) -> None:
        """The notebook does not follow that conversation any more."""
        self._documents.pop(conversation_id, None)
        self._problems.pop(conversation_id, None)
        task = self._following.pop(conversation_id, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def close(self) -> None:
        """Nothing is written any more."""
        for conversation_id in list(self._following):
            await self.forget(conversation_id)

    async def _keep(self, collaboration: Collaboration, journal: Journal) -> None:
        """The run goes on without its notebook, when that cannot be written; the next message tries again."""
        conversation_id, path = journal.state.conversation_id, journal.state.notebook_path
        try:
            if conversation_id not in self._documents:
                self._documents[conversation_id] = collaboration.document(path)
            await self._documents[conversation_id].save(journal)
            self._tell(journal, "")
            while True:
                before = _last_end(journal)
                await self._documents[conversation_id].follow(journal, before)
                if _last_end(journal) == before:
                    return  # the journal was closed
        except DocumentError as error:
            log.warning("The cells of conversation %s are not in the notebook: %s", conversation_id, error)
            self._tell(journal, str(error))

    def _tell(self, journal: Journal, problem: str) -> None:
        """Those who follow know `problem`, where it is news."""
        if problem != self.problem(journal):
            self._problems[journal.state.conversation_id] = problem
            journal.notify(Unwritten(detail=problem))


def _last_end(journal: Journal) -> int:
    """The number of the latest end of a run; 0 before the first."""
    return max((run.finished_seq for run in journal.state.runs), default=0)
