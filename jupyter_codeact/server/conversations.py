"""The commands on conversations as wholes: bodies in as JSON, answers out as JSON."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath
from typing import Any

from jupyter_codeact.conversations.runs import Runs
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.errors import Invalid
from jupyter_codeact.events import ConversationRenamed
from jupyter_codeact.server import bodies
from jupyter_codeact.server.documents import ServerDocuments
from jupyter_codeact.server.kernels import ServerKernels
from jupyter_codeact.server.moved import Moves


class Conversations:
    """The conversations of one server: listed, begun, named, deleted and brought back."""

    def __init__(
        self, contents: Any, store: Store, runs: Runs, kernels: ServerKernels, documents: ServerDocuments
    ) -> None:
        self._moves = Moves(contents, store, runs, documents)
        self._store = store
        self._runs = runs
        self._kernels = kernels
        self._documents = documents

    async def list(self, notebook_path: str | None, search: str) -> list[dict[str, Any]]:
        """A row a conversation, the latest first; with `search` see `Store.list`."""
        await asyncio.to_thread(self._store.trash.empty)
        rows = await asyncio.to_thread(self._store.list, notebook_path, search)
        live = self._runs.activity()
        return [{**row, "live": row["conversation_id"] in live} for row in rows]

    async def create(self, body: dict[str, Any]) -> dict[str, Any]:
        """The id of the new conversation, which may be a branch of another one.

        Raises `Invalid` for a notebook that is not among the server's files, and `Conflict` while that other one is at
        work: its run has the kernel that the branch would go on with.
        """
        if body.get("branch") is not None:
            return await self._branch(bodies.parse(bodies.BranchedConversation, body))
        wanted = bodies.parse(bodies.NewConversation, body)
        if not _is_below(wanted.notebook_path):
            raise Invalid("notebook_path: name a notebook among the files of this server.")
        name, language = await self._kernels.describe(wanted.kernel_id)
        conversation_id = await self._store.create(
            wanted.notebook_path,
            conversation_id=wanted.conversation_id,
            kernel_name=name,
            language=language,
        )
        return {"conversation_id": conversation_id}

    async def moved(self, body: dict[str, Any]) -> dict[str, Any]:
        """Those of the conversations, of which the notebook at a path has a record, that are about that notebook (now):
        it was moved there. Raises `Invalid` for a notebook that is not among the server's files."""
        wanted = bodies.parse(bodies.MovedNotebook, body)
        path = wanted.notebook_path
        if not _is_below(path):
            raise Invalid("notebook_path: name a notebook among the files of this server.")
        return {"moved": await self._moves.take(wanted.conversations, path)}

    async def _branch(self, wanted: bodies.BranchedConversation) -> dict[str, Any]:
        source = wanted.branch.conversation_id
        if source in self._runs.activity():
            await self._runs.ended(await self._store.open(source))
        branched = await self._store.branch(source, wanted.branch.seq, conversation_id=wanted.conversation_id)
        return {"conversation_id": branched}

    async def rename(self, conversation_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The title is changed."""
        journal = await self._store.open(conversation_id)
        renamed = await journal.append(ConversationRenamed(title=bodies.parse(bodies.NewTitle, body).title))
        return {"title": renamed.title}

    async def delete(self, conversation_id: str, *, undo: bool) -> None:
        """The conversation is in no list any more; its journal is gone or, with `undo`, can be restored for a while."""
        if conversation_id in self._runs.activity():
            await self._runs.ended(await self._store.open(conversation_id))
        await self._documents.forget(conversation_id)
        await (self._store.discard if undo else self._store.delete)(conversation_id)

    async def restore(self, conversation_id: str) -> dict[str, Any]:
        """The deleted conversation is back."""
        await self._store.restore(conversation_id)
        return {"conversation_id": conversation_id}


def _is_below(path: str) -> bool:
    """Whether `path`, as Jupyter writes paths, leads to something below the folder that the server shows. Where it goes
    by links is for Jupyter's contents manager to judge, through which alone notebooks are read and written."""
    path = path.replace("\\", "/")
    parts = PurePosixPath(path).parts
    return bool(parts) and path[0] != "/" and ".." not in parts and "\0" not in path
