"""Notebooks that were moved, or renamed, while nobody looked: their conversations go with them."""

from __future__ import annotations

from collections.abc import MutableMapping, Sequence
from typing import Any

from jupyter_core.utils import ensure_async
from tornado.web import HTTPError

from jupyter_codeact.conversations.runs import Runs
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.documents.document import Json, recorded
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

    async def take(self, conversations: Sequence[str], path: str) -> list[str]:
        """Those of the conversations, of which the notebook at `path` has a record, that are about that notebook now.
        One is not where its own notebook has the record too, or is not to be read, nor while a run is live."""
        seen: dict[str, Json | None] = {}
        return [each for each in conversations if await self._take(each, path, seen)]

    async def _take(self, conversation_id: str, path: str, seen: dict[str, Json | None]) -> bool:
        """Whether the conversation is about the notebook at `path` now; `seen` has, by path, what `_metadata` told."""
        try:
            notebook = await self._store.notebook(conversation_id)
            if not notebook.is_relative_to(self._store.root):
                return False
            known = notebook.relative_to(self._store.root).as_posix()
            if known == path:
                return True
            if conversation_id in self._runs.activity():
                return False
            if known not in seen:
                seen[known] = await self._metadata(known)
            metadata = seen[known]
            if metadata is None or recorded(metadata, conversation_id) > 0:
                return False
            journal = await self._store.open(conversation_id)
            await self._documents.forget(conversation_id)
            await journal.append(NotebookMoved(notebook_path=path, root=self._store.root))
        except (Unknown, Invalid, JournalError):
            return False
        return True

    async def _metadata(self, path: str) -> Json | None:
        """That of the notebook at `path`; nothing where there is none, None where that cannot be told."""
        try:
            model = await ensure_async(self._contents.get(path, content=True, type="notebook"))
        except HTTPError as error:
            return {} if error.status_code == 404 else None
        metadata = model["content"].get("metadata")
        return metadata if isinstance(metadata, MutableMapping) else {}
