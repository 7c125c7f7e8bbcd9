"""The notebook that real-time collaboration shares between pages, written by the server: no page is needed.

`jupyter-collaboration` is never required. Where it is there, all that is used of it is its extension's
`get_document`, and the file ids by which it knows a notebook that was renamed.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from tornado.web import HTTPError

from jupyter_codeact.documents.document import Json, project, source_of
from jupyter_codeact.documents.proposals import propose, settle
from jupyter_codeact.errors import DocumentError
from jupyter_codeact.events import (
    ApprovalDecided,
    ApprovalRequested,
    CellFinished,
    CellOutput,
    CellSubmitted,
    RunFinished,
)
from jupyter_codeact.journal.fold import State
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.kernels.waiting import wait_for

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

PAUSE_SECONDS = 0.1, 1.0
"""Least and longest time between two writes while a run is live."""

AGAIN_SECONDS = 3.0
"""Quiet time after which the last write is made sure of: the model may have been dropped right behind it, unsaved."""

_SHARE = 10
"""A write is followed by a pause of so many times what it took: long notebooks do not slow the server down."""

_SHOWN = (ApprovalRequested, ApprovalDecided, CellSubmitted, CellOutput, CellFinished, RunFinished)


class Collaboration:
    """The shared notebooks of one server. `extension` and `file_ids` are jupyter-collaboration's."""

    def __init__(self, extension: Any, file_ids: Any, contents: Any) -> None:
        self._extension = extension
        self._file_ids = file_ids
        self._contents = contents

    @classmethod
    def of(cls, server: ServerApp) -> Collaboration | None:
        """What `server` shares; None where it has no collaboration, or where that is switched off."""
        settings = server.web_app.settings
        extension, file_ids = settings.get("jupyter_server_ydoc"), settings.get("file_id_manager")
        usable = hasattr(extension, "get_document") and not getattr(extension, "disable_rtc", False)
        return cls(extension, file_ids, server.contents_manager) if usable and file_ids is not None else None

    def document(self, path: str) -> SharedDocument:
        """The notebook that is at `path` now, wherever it will be moved. Raises `DocumentError`."""
        file_id = self._file_ids.index(path)
        if file_id is None:
            raise DocumentError(f"There is no notebook {path}: save it under that name, then send the next message.")
        return SharedDocument(self, file_id)

    async def notebook(self, file_id: str) -> Any:
        """The `YNotebook` that the pages have now.

        To be asked for before each write: a minute after the last page has closed the notebook, its model is dropped,
        and what is written into it then is silently lost. Raises `DocumentError`.
        """
        path = self._file_ids.get_path(file_id)
        # What cannot be opened must not be asked for: its empty model would be handed out from then on.
        if path is None or not await ensure_async(self._contents.file_exists(path)):
            raise DocumentError("The notebook is gone: it was deleted, or moved outside of Jupyter.")
        try:
            return await self._extension.get_document(
                path=path, content_type="notebook", file_format="json", create=True, copy=False
            )
        except HTTPError as error:
            raise DocumentError(f"{path} cannot be shared: {error.log_message or error.reason}.") from error
        except (OSError, LookupError, RuntimeError, TypeError, ValueError) as error:
            raise DocumentError(f"{path} cannot be shared: {type(error).__name__}: {error}") from error


class SharedDocument:
    """A notebook in the shared model, known by its file id. It is written in place; collaboration saves it."""

    def __init__(self, collaboration: Collaboration, file_id: str) -> None:
        self._collaboration = collaboration
        self._file_id = file_id
        self._running: set[str] = set()

    async def save(self, journal: Journal) -> None:
        """The notebook holds the cells of `journal`, the one that waits for approval among them.

        Raises `DocumentError`.
        """
        from jupyter_codeact.documents.shared_notebook import shared_notebook

        document = await self._collaboration.notebook(self._file_id)
        offered = {event.cell_id: event.source for event in journal.events if isinstance(event, ApprovalRequested)}
        with document.ydoc.transaction():
            notebook = shared_notebook(document)
            settle(notebook, journal.state, offered)
            project(notebook, journal.state)
            propose(notebook, journal.state)
            self._show_running(notebook, journal.state)

    async def follow(self, journal: Journal, after: int = 0) -> None:
        """As `Document.follow`; outputs appear while they come. The notebook also holds what came up to `after`."""
        news = asyncio.Event()
        news.set()
        reading = asyncio.create_task(_read(journal, after, news))
        patience: float | None = None
        try:
            while not reading.done():
                heard = await wait_for(news, patience)
                news.clear()
                began = time.monotonic()
                await self.save(journal)
                patience = AGAIN_SECONDS if heard else None
                least, longest = PAUSE_SECONDS
                pause = min(longest, max(least, _SHARE * (time.monotonic() - began)))
                await asyncio.wait([reading], timeout=pause)
            await self.save(journal)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def _show_running(self, notebook: Json, state: State) -> None:
        """Pages show which cell runs; the file does not keep it. Only what was set here is taken back here."""
        running = {cell.cell_id: cell.source for cell in state.cells.values() if cell.status == "running"}
        for cell in notebook["cells"] if running or self._running else []:
            cell_id = cell.get("id")
            if cell_id in running and source_of(cell) == running[cell_id]:
                cell["execution_state"] = "running"
            elif cell_id in self._running and cell_id not in running:
                cell["execution_state"] = "idle"
        self._running = set(running)


async def _read(journal: Journal, after: int, news: asyncio.Event) -> None:
    """`news` is set whenever there is something to write, and when nothing more will come."""
    try:
        async with aclosing(journal.follow(after)) as events:
            async for event in events:
                if isinstance(event, _SHOWN):
                    news.set()
                if isinstance(event, RunFinished):
                    return
    finally:
        news.set()
