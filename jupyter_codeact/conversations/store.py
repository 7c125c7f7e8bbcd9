"""The conversations on disk, a journal file each."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePath
from typing import Any
from uuid import uuid4

from jupyter_codeact.agent.nonce import new_nonce
from jupyter_codeact.agent.recovery import recover
from jupyter_codeact.conversations.branching import branch
from jupyter_codeact.conversations.listing import Search, Summary, found, summary, summary_of
from jupyter_codeact.conversations.sealed import SealedJournal, seal
from jupyter_codeact.conversations.trash import Trash
from jupyter_codeact.errors import Invalid, JournalCorrupt, JournalError, JournalLocked, JournalNewer, Unknown
from jupyter_codeact.events import ConversationStarted, Event, NotebookMoved
from jupyter_codeact.journal.file_journal import FileJournal
from jupyter_codeact.journal.journal import utc_now
from jupyter_codeact.journal.line_file import remove, write_new
from jupyter_codeact.journal.reading import Record, record

log = logging.getLogger(__name__)

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Store:
    """Journals by conversation id in `directory`, which is made, for its owner only.

    The directory is the user's, for all servers: each sees the conversations about notebooks below its own `root`, the
    folder that it shows. An open journal stays open, and locked against other servers, until `close`.
    """

    def __init__(self, directory: Path, root: str = "") -> None:
        self.directory = directory
        self.root = root
        self.trash = Trash(directory / "trash")
        self._opening: dict[str, asyncio.Task[FileJournal]] = {}

    async def create(
        self, notebook_path: str, *, conversation_id: str = "", kernel_name: str = "", language: str = "python"
    ) -> str:
        """The id of a new conversation; with an id that exists already, that one (a command that came twice).

        Where the disk does not take it, it goes on in memory."""
        conversation_id = conversation_id or uuid4().hex
        if self._exists(conversation_id):
            return conversation_id
        with suppress(OSError):
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        journal = await self._journal(conversation_id, is_new=True)
        if not journal.events:
            started = ConversationStarted(
                conversation_id=conversation_id,
                notebook_path=notebook_path,
                root=self.root,
                kernel_name=kernel_name,
                language=language,
                nonce=new_nonce(),
            )
            await journal.append(started)
        return conversation_id

    async def branch(self, source_id: str, seq: int, *, conversation_id: str = "") -> str:
        """The id of a new conversation that goes on before message `seq` of `source_id`; with an id that exists
        already, that one. Raises `Invalid`, `Unknown`, `JournalError`."""
        conversation_id = conversation_id or uuid4().hex
        path = self._path(conversation_id)
        if not self._exists(conversation_id):
            source = await self.read(source_id)
            made = branch(source.events, seq, conversation_id, utc_now())
            await asyncio.to_thread(write_new, path, [event.model_dump_json().encode() + b"\n" for event in made])
        return conversation_id

    async def open(self, conversation_id: str) -> FileJournal:
        """The journal, settled: what a process that is gone left open is closed. Raises `Unknown`, `JournalError`."""
        if not self._exists(conversation_id):
            raise Unknown(f"There is no conversation {conversation_id}.")
        return await self._journal(conversation_id)

    async def look(self, conversation_id: str) -> FileJournal | SealedJournal:
        """As `open`; a journal that cannot be written from here comes sealed, as far as it can be read."""
        try:
            return await self.open(conversation_id)
        except (JournalCorrupt, JournalLocked, JournalNewer) as error:
            return await seal(self._path(conversation_id), error, self._seen_from_here)

    def list(self, notebook_path: str | None = None, search: str = "") -> list[dict[str, Any]]:
        """The conversations of one notebook, or all of this root, latest first; those only in whose title or messages
        all words of `search` stand, then with `found`, the text around. A damaged one is titled by its id.

        Files are read: for a thread. Raises `Invalid`.
        """
        sought = Search(search) if search.strip() else None
        rows = [row for row in self.summaries() if row.notebook.is_relative_to(self.root)]
        if notebook_path is not None:
            wanted = PurePath(self.root, notebook_path)
            rows = [row for row in rows if row.notebook == wanted]
        rows.sort(key=lambda row: row.updated_at, reverse=True)
        if sought is None:
            return [row.row(self.root) for row in rows]
        hits = found([(row, self._path(row.conversation_id)) for row in rows], sought)
        return [{**row.row(self.root), "found": excerpt} for row, excerpt in hits]

    async def read(self, conversation_id: str) -> Record:
        """The conversation as it stands, whoever has it open. Raises `Unknown`, `JournalError`."""
        opened = self._opening.get(conversation_id)
        if opened is not None:  # its file may be behind, while the disk is full
            journal = await self.open(conversation_id)
            return Record(list(journal.events), journal.state)
        path = self._path(conversation_id)
        if not _is_there(path):
            raise Unknown(f"There is no conversation {conversation_id}.")
        return await asyncio.to_thread(record, path, self._seen_from_here)

    async def notebook(self, conversation_id: str) -> PurePath:
        """Where the notebook is that the conversation is about, whichever folder its server shows; as `list` knows it,
        damaged or not. Raises `Unknown`, `JournalError`."""
        if conversation_id in self._opening:  # its file may be behind, while the disk is full
            events = reversed((await self.open(conversation_id)).events)
            event = next(each for each in events if isinstance(each, ConversationStarted | NotebookMoved))
            return PurePath(event.root, event.notebook_path)
        try:
            return (await asyncio.to_thread(summary, self._path(conversation_id))).notebook
        except OSError as error:
            raise Unknown(f"There is no conversation {conversation_id}.") from error

    async def delete(self, conversation_id: str) -> None:
        """The conversation is gone from the disk. Raises `JournalLocked` while another process writes it."""
        if path := await self._let_go(conversation_id):
            remove(path)

    async def discard(self, conversation_id: str) -> None:
        """The conversation is in no list any more, and `restore` brings it back for a while. Raises as `delete`."""
        if path := await self._let_go(conversation_id):
            self.trash.put(path)

    async def restore(self, conversation_id: str) -> None:
        """The discarded conversation is back, as it was. Nothing happens to one that is there; raises `Unknown` for one
        that is not kept any more."""
        path = self._path(conversation_id)
        if not path.exists():
            self.trash.restore(path)

    async def close(self) -> None:
        """All journals are closed."""
        for conversation_id in list(self._opening):
            await self._close(conversation_id)

    async def _let_go(self, conversation_id: str) -> Path | None:
        """Where the conversation lies, closed; None for one that was in memory only. Raises `Unknown`."""
        if not self._exists(conversation_id):
            raise Unknown(f"There is no conversation {conversation_id}.")
        await self._close(conversation_id)
        path = self._path(conversation_id)
        return path if _is_there(path) else None

    def _exists(self, conversation_id: str) -> bool:
        return conversation_id in self._opening or _is_there(self._path(conversation_id))

    async def _journal(self, conversation_id: str, *, is_new: bool = False) -> FileJournal:
        task = self._opening.get(conversation_id)
        if task is None:
            task = asyncio.create_task(self._load(conversation_id, is_new))
            self._opening[conversation_id] = task
        try:
            return await asyncio.shield(task)
        except JournalError:
            self._opening.pop(conversation_id, None)
            raise

    async def _load(self, conversation_id: str, is_new: bool) -> FileJournal:
        path = self._path(conversation_id)
        journal = await asyncio.to_thread(FileJournal, path, view=self._seen_from_here, is_new=is_new)
        if journal.recovered:
            log.warning("%s", journal.recovered)
        await recover(journal)
        return journal

    def _seen_from_here(self, event: Event) -> Event:
        """A conversation that began, or whose notebook was moved, below another root has its path below this one."""
        if not isinstance(event, ConversationStarted | NotebookMoved) or event.root == self.root:
            return event
        notebook = PurePath(event.root, event.notebook_path)
        if not notebook.is_relative_to(self.root):
            return event
        return event.model_copy(update={"root": self.root, "notebook_path": notebook.relative_to(self.root).as_posix()})

    async def _close(self, conversation_id: str) -> None:
        task = self._opening.pop(conversation_id, None)
        if task is not None:
            await asyncio.wait([task])
            if task.exception() is None:
                task.result().close()

    def _path(self, conversation_id: str) -> Path:
        if not _ID.fullmatch(conversation_id):
            raise Invalid("A conversation's id has letters, digits, - and _, at most 64.")
        return self.directory / f"{conversation_id}.jsonl"

    def summaries(self) -> Iterator[Summary]:
        """All conversations, of every root, in no order."""
        for path in self.directory.glob("*.jsonl"):
            try:
                yield summary(path)
            except OSError:  # deleted meanwhile, or not ours to read
                continue
        for task in list(self._opening.values()):
            if task.done() and task.exception() is None and not _is_there(task.result().path):
                yield summary_of(task.result().state, self.root)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # its folder is not ours to look into
        return False
