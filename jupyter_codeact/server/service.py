"""The commands behind the routes: bodies in as JSON, answers out as JSON."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_dir
from jupyter_server.serverapp import ServerApp

from jupyter_codeact import __version__
from jupyter_codeact.agent.excerpt import hidden, shown
from jupyter_codeact.conversations.continuity import kernel_mark
from jupyter_codeact.conversations.leases import Lease
from jupyter_codeact.conversations.reports import Seen, report
from jupyter_codeact.conversations.runs import Accepted, Runs, new_run
from jupyter_codeact.conversations.sealed import SealedJournal
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.errors import Invalid
from jupyter_codeact.events import (
    Activity,
    ApprovalDecided,
    Event,
    Limits,
    MessageRevised,
    NotebookContext,
    Notice,
    RunStarted,
    Unsaved,
    Unwritten,
    UserMessage,
)
from jupyter_codeact.events import Lease as LeaseNotice
from jupyter_codeact.exports.formats import Exported, export, format_named
from jupyter_codeact.journal.file_journal import FileJournal
from jupyter_codeact.kernels.variables import Reading
from jupyter_codeact.models.choice import Models, is_offline, relevant_environment
from jupyter_codeact.models.connections import ConnectionStore
from jupyter_codeact.models.formats import resolve_format
from jupyter_codeact.models.model import Model
from jupyter_codeact.server import bodies
from jupyter_codeact.server.attachments import LIMITS, Files, read_files, variable_names, with_variables
from jupyter_codeact.server.connections import Connections
from jupyter_codeact.server.conversations import Conversations
from jupyter_codeact.server.documents import ServerDocuments
from jupyter_codeact.server.kernels import ServerKernels
from jupyter_codeact.server.telemetry import Telemetry
from jupyter_codeact.settings import CodeAct

log = logging.getLogger(__name__)


class Service:
    """Everything that one server has of the copilot. `key` is the API key that the environment held."""

    def __init__(self, settings: CodeAct, server: ServerApp, key: str) -> None:
        if key:
            log.warning(
                "The API key came from the environment, where a kernel can read it (/proc). "
                "Set CodeAct.api_key_file or CodeAct.api_key_command instead."
            )
        self._settings = settings
        root = _root(server)
        allow_hidden = bool(getattr(server.contents_manager, "allow_hidden", False))
        if root and _is_shown(Path(settings.journal_dir), Path(root), allow_hidden=allow_hidden):
            log.warning(
                "Conversations are kept in %s, which this server's file browser shows to whoever may read its files. "
                "Set CodeAct.journal_dir to a folder elsewhere.",
                settings.journal_dir,
            )
        self._store = Store(Path(settings.journal_dir), root)
        self._files = Files(root, allow_hidden)
        self._kernels = ServerKernels(server.kernel_manager, server.session_manager, lambda: settings.cell_timeout)
        telemetry = Telemetry(server.log, server.event_logger)
        self.runs = Runs(self._kernels, lambda: settings.observation_chars, telemetry.watch)
        connections = ConnectionStore(Path(jupyter_config_dir()) / "codeact")
        self._models = Models(settings, connections, relevant_environment(key))
        self.connections = Connections(connections, self._models, settings)
        self._leases: dict[str, Lease] = {}
        self._documents = ServerDocuments(server)
        self.conversations = Conversations(
            server.contents_manager, self._store, self.runs, self._kernels, self._documents
        )

    async def status(self) -> dict[str, Any]:
        """What the panel must know first."""
        model = self._models.status()
        return {
            "version": __version__,
            "model": model,
            "approval": self._settings.approval_for("", offline=model["offline"]),
            "approvals": {
                "offline": self._settings.approval_for("", offline=True),
                "model": self._settings.approval_for("", offline=False),
            },
            "approval_floor": self._settings.approval_floor,
            "limits": self._limits().model_dump(),
            "attachments": LIMITS,
            "document_writer": self._documents.writer,
        }

    async def conversation(self, conversation_id: str) -> dict[str, Any]:
        """The folded state, and whether a run is live."""
        journal = await self._store.look(conversation_id)
        return {**journal.state.model_dump(), "live": self.runs.live(journal)}

    async def send(self, conversation_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The message is in the journal, and a run has it."""
        wanted = bodies.parse(bodies.NewMessage, body)
        journal = await self._store.open(conversation_id)
        is_new = all(known.message_id != wanted.message_id for known in journal.state.messages)
        attached = await read_files(wanted.attachments if is_new else (), self._files)
        kernel_id, model, run = await self._prepare(journal, wanted)
        steers = self.runs.live(journal)  # what the run changed in the kernel, the model knows
        reading = await self._kernels.variables(
            kernel_id, variable_names(attached), listed=wanted.context.variables and not steers
        )
        message = UserMessage(
            message_id=wanted.message_id,
            text=wanted.text,
            attachments=with_variables(attached, reading),
            context=self._context(wanted, reading),
        )
        run = run.model_copy(update={"kernel": kernel_mark(kernel_id, reading.process)})
        accepted = await self.runs.send(journal, message, run, model, kernel_id)
        return self._accept(journal, wanted.client, accepted)

    async def revise(self, conversation_id: str, message_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The message that waits for the next request says something else."""
        wanted = bodies.parse(bodies.NewRevision, body)
        journal = await self._store.open(conversation_id)
        return {"seq": await self.runs.revise(journal, MessageRevised(message_id=message_id, **wanted.model_dump()))}

    async def withdraw(self, conversation_id: str, message_id: str) -> dict[str, Any]:
        """The message that waits for the next request is taken back."""
        journal = await self._store.open(conversation_id)
        return {"seq": await self.runs.revise(journal, MessageRevised(message_id=message_id, withdrawn=True))}

    async def report(self, conversation_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """What a page saw of the agent's cells is in the journal, as far as it is news."""
        wanted = bodies.parse(bodies.NewChanges, body)
        journal = await self._store.open(conversation_id)
        seen = [Seen(cell.cell_id, cell.source) for cell in wanted.cells]
        return {"seq": await report(journal, wanted.change_id, seen)}

    async def variables(self, kernel_id: str) -> dict[str, Any]:
        """What the kernel holds, for the panel."""
        reading = await self._kernels.variables(kernel_id)
        fields = {"name", "type", "summary", "columns"}
        return {
            "variables": [variable.model_dump(include=fields) for variable in reading.variables],
            "note": reading.note,
        }

    async def resume(self, conversation_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """A run goes on where the latest ended, for so many more steps."""
        wanted = bodies.parse(bodies.NewContinue, body)
        journal = await self._store.open(conversation_id)
        kernel_id, model, run = await self._prepare(journal, wanted, wanted.continue_id, wanted.steps)
        process = (await self._kernels.variables(kernel_id, listed=False)).process
        run = run.model_copy(update={"kernel": kernel_mark(kernel_id, process)})
        accepted = await self.runs.resume(journal, run, model, kernel_id)
        return self._accept(journal, wanted.client, accepted)

    async def decide(self, conversation_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The decision is in the journal."""
        wanted = bodies.parse(bodies.NewDecision, body)
        if wanted.decision == "edit" and not wanted.source.strip():
            raise Invalid("source: an edit needs the edited source; to run nothing, reject the cell.")
        if wanted.approval is not None and wanted.decision == "reject":
            raise Invalid("approval: a rejected cell changes nothing for the ones after it; leave it out.")
        journal = await self._store.open(conversation_id)
        from_now = wanted.approval and self._settings.approval_for(wanted.approval, offline=False)
        decision = {**wanted.model_dump(exclude={"approval"}), "approval_from_now": from_now}
        return {"seq": await self.runs.decide(journal, ApprovalDecided.model_validate(decision))}

    async def stop(self, conversation_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """The run has been asked to stop."""
        journal = await self._store.open(conversation_id)
        return {"seq": await self.runs.stop(journal, bodies.parse(bodies.NewStop, body).stop_id)}

    async def events(self, conversation_id: str, after: int) -> list[dict[str, Any]]:
        """The durable events after number `after`."""
        journal = await self._store.look(conversation_id)
        return [event.model_dump() for event in journal.events[after:]]

    async def export(self, conversation_id: str, format_name: str) -> Exported:
        """The conversation as a file of that format, as it stands."""
        form = format_named(format_name)
        return await asyncio.to_thread(export, await self._store.read(conversation_id), form)

    async def follower(self, conversation_id: str, after: int, client: str) -> AsyncGenerator[Event | Notice, None]:
        """The events after number `after`, then what comes; `client` may be given the notebook to write."""
        journal = await self._store.look(conversation_id)
        if isinstance(journal, SealedJournal):  # nobody is given the notebook to write
            return journal.follow(after)
        return self._follow(journal, after, client)

    async def close(self) -> None:
        """Runs are parked; journals and connections are closed."""
        await self.runs.shutdown()
        await self._documents.close()
        await self._store.close()
        await self._models.aclose()

    async def _follow(self, journal: FileJournal, after: int, client: str) -> AsyncGenerator[Event | Notice, None]:
        self._documents.follow(journal)
        lease = self._lease(journal)
        if self._documents.writer == "server":
            client = ""
        if client:
            lease.join(client)
        try:
            yield LeaseNotice(client=lease.holder)
            if not self.runs.live(journal):
                yield Activity(state="idle")
            if journal.problem:
                yield Unsaved(detail=journal.problem)
            if problem := self._documents.problem(journal):
                yield Unwritten(detail=problem)
            async for item in journal.follow(after):
                yield item
        finally:
            if client:
                lease.leave(client)

    async def _prepare(
        self,
        journal: FileJournal,
        wanted: bodies.NewMessage | bodies.NewContinue,
        run_id: str = "",
        steps: int | None = None,
    ) -> tuple[str, Model, RunStarted]:
        """The kernel, the model and the run that a command asks for; all that can be refused is refused here."""
        kernel_id = await self._kernels.find(wanted.kernel_id, journal.state.notebook_path)
        model = await self._models.model(wanted.model or self._last_choice(journal))
        approval = self._settings.approval_for(wanted.approval or "", offline=is_offline(model))
        run = new_run(
            model=model,
            approval=approval,
            limits=self._limits(steps),
            action_format=await resolve_format(self._settings.action_format, model),
            run_id=run_id,
        )
        return kernel_id, model, run

    def _last_choice(self, journal: FileJournal) -> str:
        """What answered the conversation's latest run answers the next one, too, as long as it is there."""
        last = journal.state.run
        return self._models.choice_of(last.model, last.connection) if last is not None else ""

    def _context(self, wanted: bodies.NewMessage, reading: Reading) -> NotebookContext:
        """What the model is told with the message, as far as the user lets it see."""
        switches = wanted.context
        names = set(switches.hidden)
        return shown(
            wanted.notebook if switches.notebook else hidden(wanted.notebook),
            self._settings.context_chars,
            variables=[variable for variable in reading.variables if variable.name not in names],
            variables_left_out=reading.left_out,
            note=reading.note if switches.variables else "",
        )

    def _accept(self, journal: FileJournal, client: str, accepted: Accepted) -> dict[str, Any]:
        self._documents.follow(journal)
        lease = self._leases.get(journal.state.conversation_id)
        if client and lease is not None and self._documents.writer == "browser":
            lease.take(client)
        return {"seq": accepted.seq, "run_id": accepted.run_id}

    def _lease(self, journal: FileJournal) -> Lease:
        conversation_id = journal.state.conversation_id
        if conversation_id not in self._leases:
            self._leases[conversation_id] = Lease(lambda client: journal.notify(LeaseNotice(client=client)))
        return self._leases[conversation_id]

    def _limits(self, steps: int | None = None) -> Limits:
        return Limits(
            steps=self._settings.steps_for(steps),
            seconds=self._settings.max_seconds,
            tokens=self._settings.max_tokens,
        )


def _root(server: ServerApp) -> str:
    """The folder that the server shows, links resolved; empty where its contents are not in one."""
    folder = getattr(server.contents_manager, "root_dir", "")
    return str(Path(folder).expanduser().resolve()) if folder else ""


def _is_shown(folder: Path, root: Path, *, allow_hidden: bool) -> bool:
    """Whether `folder` is among the files below `root` that the server shows."""
    folder = folder.expanduser().resolve()
    if not folder.is_relative_to(root):
        return False
    return allow_hidden or not any(part.startswith(".") for part in folder.relative_to(root).parts)
