"""A long conversation as a journal, and the notebook that it made."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image

from jupyter_codeact.agent.nonce import new_nonce
from jupyter_codeact.documents.document import project
from jupyter_codeact.events import (
    CellFinished,
    CellOutput,
    CellSubmitted,
    ConversationStarted,
    Event,
    ImageReference,
    Limits,
    ModelReplied,
    NotebookContext,
    ObservationMade,
    RunFinished,
    RunStarted,
    Usage,
    UserMessage,
)
from jupyter_codeact.journal.fold import fold

STEPS_A_RUN = 20
PIXELS = (640, 480)
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
USAGE = Usage(prompt_tokens=3000, completion_tokens=200)


def events(name: str, root: str, steps: int, images: int) -> Iterator[Event]:
    """A conversation of `steps` steps in runs of 20, `images` of which show a plot, and a tenth of which fail."""
    yield ConversationStarted(
        conversation_id=name,
        notebook_path=f"{name}.ipynb",
        root=root,
        kernel_name="python3",
        language="python",
        nonce=new_nonce(),
    )
    for first in range(1, steps + 1, STEPS_A_RUN):
        run = f"run-{first}"
        context = NotebookContext(path=f"{name}.ipynb", cells=(), active_cell_id=None)
        yield UserMessage(message_id=f"m{first}", text=f"What about part {first}?", attachments=(), context=context)
        yield RunStarted(
            run_id=run,
            model="scripted",
            connection="benchmark",
            action_format="fenced",
            approval="auto",
            limits=Limits(steps=25),
        )
        for step in range(first, min(first + STEPS_A_RUN, steps + 1)):
            yield from _step(step, image=images > 0 and step % max(1, steps // images) == 0)
        yield RunFinished(run_id=run, reason="answered", answer=f"Part {first} is done.", detail="", usage=USAGE)


def _step(step: int, *, image: bool) -> Iterator[Event]:
    source = f"# Look at part {step}\npart = data[data.part == {step}]\nprint(part.describe())\npart.head()"
    text = f"Now **part {step}**: its mean, its *spread* and what stands out.\n\n```python\n{source}\n```\n"
    cell = f"cell-{step}"
    yield ModelReplied(step=step, seen_seq=0, text=text, reasoning="", finish_reason="stop", usage=USAGE, seconds=1.2)
    yield CellSubmitted(step=step, cell_id=cell, after_cell_id=f"cell-{step - 1}" if step > 1 else None, source=source)
    failed = step % 10 == 3
    outputs = list(_outputs(step, image=image, failed=failed))
    for index, output in enumerate(outputs):
        yield CellOutput(cell_id=cell, op="append", index=index, output=output)
    yield CellFinished(step=step, cell_id=cell, status="error" if failed else "ok", execution_count=step, seconds=0.4)
    shown = [ImageReference(cell_id=cell, output=len(outputs) - 1, mime="image/png")] if image and not failed else []
    yield ObservationMade(step=step, text="The output.\n" * 20, images=tuple(shown), left_out=())


def _outputs(step: int, *, image: bool, failed: bool) -> Iterator[dict[str, Any]]:
    lines = "".join(f"{name:>8} {step * number:12.4f}\n" for number, name in enumerate(["mean", "std", "min", "max"]))
    yield {"output_type": "stream", "name": "stdout", "text": lines * 3}
    if failed:
        yield {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["KeyError: 'x'"] * 20}
        return
    rows = "".join(f"<tr><th>{row}</th><td>{row * step}</td><td>{row / step:.3f}</td></tr>" for row in range(1, 6))
    table = f"<table><thead><tr><th></th><th>a</th><th>b</th></tr></thead><tbody>{rows}</tbody></table>"
    yield {"output_type": "display_data", "metadata": {}, "data": {"text/html": table, "text/plain": "a table"}}
    if image:
        yield {"output_type": "display_data", "metadata": {}, "data": {"image/png": plot(step), "text/plain": "plot"}}


def plot(seed: int) -> str:
    """A PNG as large in bytes as a plot is, as base64; each is another."""
    noise = random.Random(seed).randbytes(80 * 60)  # noqa: S311 - a picture, not a secret
    image = Image.frombytes("L", (80, 60), noise).resize(PIXELS, Image.Resampling.NEAREST)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def write(folder: Path, name: str, steps: int, images: int) -> None:
    """The conversation `name` lies where a server with this root folder looks, its notebook `name`.ipynb in it."""
    journals = folder / "data" / "codeact" / "conversations"
    journals.mkdir(mode=0o700, parents=True, exist_ok=True)
    numbers = count(1)
    numbered = [
        event.model_copy(update={"seq": next(numbers), "time": "2026-01-01T00:00:00.000Z"})
        for event in events(name, str(folder), steps, images)
    ]
    lines = "".join(event.model_dump_json() + "\n" for event in numbered)
    (journals / f"{name}.jsonl").write_text(lines, "utf-8")
    document = empty_notebook()
    project(document, fold(numbered))
    (folder / f"{name}.ipynb").write_text(json.dumps(document), "utf-8")


def empty_notebook() -> dict[str, Any]:
    """A notebook without cells."""
    return {"cells": [], "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
