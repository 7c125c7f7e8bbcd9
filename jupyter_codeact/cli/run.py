"""`jupyter codeact run`: the same Agent without a browser."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from jupyter_core.paths import jupyter_config_dir

from jupyter_codeact.agent.excerpt import SentCell, SentNotebook, shown
from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.cli.approve import approve
from jupyter_codeact.cli.progress import print_events, show_progress
from jupyter_codeact.conversations.runs import new_run
from jupyter_codeact.conversations.store import Store
from jupyter_codeact.documents.document import source_of
from jupyter_codeact.documents.file_document import FileDocument
from jupyter_codeact.errors import KernelError
from jupyter_codeact.events import Limits, NotebookContext, RunFinished, StopRequested, UserMessage
from jupyter_codeact.journal.journal import Journal
from jupyter_codeact.kernels.environment import ExecutionDone, OutputOp
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import local_kernel
from jupyter_codeact.kernels.variables import read_variables
from jupyter_codeact.models.choice import Models, is_offline, relevant_environment
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.connections import ConnectionStore
from jupyter_codeact.models.formats import resolve_format
from jupyter_codeact.models.model import Model
from jupyter_codeact.models.well_formed import well_formed
from jupyter_codeact.settings import CodeAct

EXIT_CODES = {"answered": 0, "failed": 1, "limit": 3, "stopped": 130}
USAGE = 2


async def run(options: argparse.Namespace, settings: CodeAct) -> int:
    """The exit code: 0 answered, 1 failed, 2 usage, 3 a limit was reached, 130 interrupted."""
    flags = Connection(base_url=options.base_url, model=options.model)
    store = ConnectionStore(Path(jupyter_config_dir()) / "codeact")
    models = Models(settings, store, relevant_environment(), flags)
    try:
        model = await models.model()
        approval = settings.approval_for(options.approval, offline=is_offline(model))
        if approval != "auto" and not sys.stdin.isatty():
            sys.stderr.write("Asking for approval needs a terminal; to run cells without asking: --approval auto\n")
            return USAGE
        return await _run(options, settings, model, approval)
    finally:
        await models.aclose()


async def _run(options: argparse.Namespace, settings: CodeAct, model: Model, approval: str) -> int:
    document = FileDocument(options.notebook)
    kernel_name = options.kernel or _kernel_of(document)
    if not document.path.parent.is_dir():
        sys.stderr.write(f"There is no folder {document.path.parent}; make it, or correct the path.\n")
        return USAGE
    async with local_kernel(kernel_name, cwd=str(document.path.resolve().parent)) as manager:
        spec = manager.kernel_spec
        names = {"name": manager.kernel_name, "display_name": spec.display_name if spec else manager.kernel_name}
        environment = KernelEnvironment(manager, cell_timeout=settings.cell_timeout)
        await environment.connect()
        try:
            notebook = document.open(names, environment.language)
            if options.execute_existing:
                await _execute_existing(environment, notebook)
            reading = await read_variables(manager, environment.language)
            context = shown(
                _sent(str(document.path), notebook),
                settings.context_chars,
                variables=reading.variables,
                variables_left_out=reading.left_out,
                note=reading.note if options.execute_existing else "",
            )
            return await _converse(options, settings, model, approval, document, environment, context)
        finally:
            await environment.close()


async def _converse(
    options: argparse.Namespace,
    settings: CodeAct,
    model: Model,
    approval: str,
    document: FileDocument,
    environment: KernelEnvironment,
    context: NotebookContext,
) -> int:
    """A new conversation about the notebook, with one run."""
    notebook_path = document.path.resolve()
    store = Store(Path(settings.journal_dir), str(notebook_path.parent))
    conversation_id = await store.create(
        notebook_path.name, kernel_name=options.kernel or _kernel_of(document), language=environment.language
    )
    journal = await store.open(conversation_id)
    limits = Limits(
        steps=settings.steps_for(options.max_steps), seconds=settings.max_seconds, tokens=settings.max_tokens
    )
    message = UserMessage(
        message_id=uuid4().hex,
        text=well_formed(options.task),
        context=context,
    )
    await journal.append(message)
    action_format = await resolve_format(options.action_format or settings.action_format, model)
    await journal.append(new_run(model=model, approval=approval, limits=limits, action_format=action_format))
    agent = Agent(journal, model, environment, observation_chars=settings.observation_chars)
    followers = [
        asyncio.create_task(document.follow(journal)),
        asyncio.create_task(print_events(journal) if options.json else show_progress(journal)),
    ]
    approver = asyncio.create_task(approve(journal))
    try:
        with _stop_on_interrupt(journal):
            finished = await agent.run()
            await asyncio.gather(*followers)
    finally:
        for task in (approver, *followers):
            task.cancel()
        await asyncio.gather(approver, *followers, return_exceptions=True)
        await store.close()
    return _conclude(finished, options.json)


def _conclude(finished: RunFinished, as_json: bool) -> int:
    if finished.reason == "answered":
        if not as_json:
            sys.stdout.write(finished.answer + "\n")
    else:
        sys.stderr.write(f"{finished.detail}\n")
    return EXIT_CODES[finished.reason]


@contextmanager
def _stop_on_interrupt(journal: Journal) -> Iterator[None]:
    """Ctrl-C stops the run as the panel's Stop does: the notebook and the journal are saved. A second one ends all."""
    loop = asyncio.get_running_loop()
    pending: set[asyncio.Task[StopRequested]] = set()

    def stop() -> None:
        pending.add(asyncio.ensure_future(journal.append(StopRequested(stop_id="interrupt"))))
        loop.remove_signal_handler(signal.SIGINT)

    try:
        loop.add_signal_handler(signal.SIGINT, stop)
    except NotImplementedError:  # Windows: Ctrl-C ends the process; the journal has all that was done
        yield
        return
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)


async def _execute_existing(environment: KernelEnvironment, notebook: Any) -> None:
    """The notebook's code cells have run, in order. Raises `KernelError` at the first that fails."""
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] != "code" or not source_of(cell).strip():
            continue
        problem = ""
        async with aclosing(environment.execute(source_of(cell), cell["id"])) as execution:
            async for item in execution:
                if isinstance(item, OutputOp) and item.output and item.output["output_type"] == "error":
                    problem = f"{item.output['ename']}: {item.output['evalue']}"
                if isinstance(item, ExecutionDone) and item.status != "ok":
                    raise KernelError(
                        f"Cell {number} of the notebook failed ({problem or item.status}); repair it first."
                    )


def _kernel_of(document: FileDocument) -> str:
    if not document.path.exists():
        return ""
    spec = document.open()["metadata"].get("kernelspec", {})
    return str(spec.get("name", ""))


def _sent(path: str, notebook: Any) -> SentNotebook:
    """The notebook with its last outputs, as a page would send it."""
    cells = tuple(
        SentCell(
            cell_id=cell["id"],
            cell_type=cell["cell_type"],
            source=source_of(cell),
            execution_count=cell.get("execution_count"),
            outputs=tuple(cell.get("outputs", ())),
        )
        for cell in notebook["cells"]
        if cell["cell_type"] in ("code", "markdown", "raw")
    )
    return SentNotebook(path=path, cells=cells)
