"""Notebooks that were moved, or renamed, while nobody looked: their conversations go with them."""

from __future__ import annotations

from typing import Any

from jupyter_core.utils import ensure_async
from tornado.web import HTTPError

from jupyter_codeact.conversations.runs import Runs
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.documents.document import recorded
from jupyter_codeact.errors import Invalid, JournalError, Unknown
from jupyter_codeact.events import NotebookMoved
from jupyter_codeact.server.documents import ServerDocuments


class Moves:
    """Knows a move from a copy: what a conversation is about is not there any more, or is another notebook by now.

    `contents` is Jupyter Server's contents manager.
    """

    def __init__(self, contents: Any, store: Store, runs: Runs, documents: ServerDocuments) -> None:
        self._contents = contents
        self._store = store
        self._runs = runs
        self._documents = documents

    async def take(self, conversation_id: str, path: str) -> bool:
        """Whether the conversation, of which the notebook at `path` has a record, is about that notebook now. It is
        not where its own notebook has the record too, is not to be read, or while a run is live."""
        try:
            record = await self._store.read(conversation_id)
            known = record.state.notebook_path
            if known == path:
                return True
            is_here = getattr(record.events[0], "root", None) == self._store.root
            if not is_here or conversation_id in self._runs.activity() or await self._has(known, conversation_id):
                return False
            journal = await self._store.open(conversation_id)
            await self._documents.forget(conversation_id)
            await journal.append(NotebookMoved(notebook_path=path, root=self._store.root))
        except (Unknown, Invalid, JournalError):
            return False
        return True

    async def _has(self, path: str, conversation_id: str) -> bool:
        """Whether there is a notebook at `path` with a record of the conversation, as far as can be told."""
        try:
            model = await ensure_async(self._contents.get(path, content=True, type="notebook"))
        except HTTPError as error:
            return error.status_code != 404
        return recorded(model["content"].get("metadata"), conversation_id) > 0
