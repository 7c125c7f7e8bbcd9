"""Whether a run gets no further: pure, found in the state alone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import takewhile

from jupyter_codeact.agent.text import cut, plain
from jupyter_codeact.errors import Stalled
from jupyter_codeact.journal.state import Cell, State, Step

TIMES = 3
"""So often the same, and the model is told; once more, and the run ends. So many replies that cannot be understood."""

EMPTY_REPLIES = 2
"""So many empty replies in a row end the run: the problem that the first was answered with was the nudge."""

ADVICE = "say what to do differently, or use another model"
SHOWN_CHARS = 200
_VARYING = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|0x[0-9a-fA-F]+|\d+(?:\.\d+)?")
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)


def nudge(state: State) -> str:
    """What the model is to be told before it is asked again; mostly nothing.

    Raises `Stalled` when it was told and went on as before, or when its replies say nothing that can be done.
    """
    run = state.run
    steps = [step for step in state.steps if run is not None and step.run_id == run.run_id]
    _check_replies(steps)
    ran = [(step, state.cells[step.cell_id]) for step in steps if step.cell_id is not None]
    if not ran or steps[-1] is not ran[-1][0] or steps[-1].nudge:
        return ""
    return _same_result(ran) or _same_error(ran)


def _check_replies(steps: Sequence[Step]) -> None:
    empty = [step for step in steps[-EMPTY_REPLIES:] if step.problem and _says_nothing(step)]
    if len(empty) == EMPTY_REPLIES:
        what = "reasoning but no reply" if (empty[-1].reasoning + empty[-1].text).strip() else "an empty reply"
        raise Stalled(f"the model gave {what} {EMPTY_REPLIES} times in a row; try again, or use another model")
    last = [step.problem for step in steps[-TIMES:]]
    if len(last) == TIMES and all(last):
        raise Stalled(f"{TIMES} replies in a row could not be understood. The last problem: {last[-1]}")


def _says_nothing(step: Step) -> bool:
    return step.call is None and not _THOUGHTS.sub("", step.text).strip()


def _same_result(ran: Sequence[tuple[Step, Cell]]) -> str:
    """Of the latest cell, when it went round in a circle.

    A cell that is repeated while those between are new (a module that is loaded again after each change) is none: at
    least half of the steps of a circle have been there before.
    """
    latest = ran[-1][1]
    alike = [index for index, (_, cell) in enumerate(ran) if cell.source == latest.source and _same(cell, latest)]
    if any(ran[index][0].nudge for index in alike):
        raise Stalled(f"the model ran the same cell with the same result again, although it was told; {ADVICE}")
    if len(alike) < TIMES:
        return ""
    circle = [(cell.source, _result(cell)) for _, cell in ran[alike[-TIMES] :]]
    if 2 * len(set(circle)) > len(circle):
        return ""
    return (
        f"You ran this cell {TIMES} times now, each time with the same result; running it again will not change that. "
        "Do something else or, when you know enough, answer. If it comes once more, the run ends."
    )


def _same_error(ran: Sequence[tuple[Step, Cell]]) -> str:
    """Of the latest cell, when those before it failed with the same kind of error."""
    kind = _error_kind(ran[-1][1])
    streak = list(takewhile(lambda pair: _error_kind(pair[1]) == kind, reversed(ran))) if kind else []
    error = cut(plain(_error(ran[-1][1])), SHOWN_CHARS)[0].replace("\n", " ")
    if any(step.nudge for step, _ in streak):
        raise Stalled(f"{len(streak)} cells in a row failed alike ({error}), although the model was told; {ADVICE}")
    if len(streak) < TIMES:
        return ""
    return (
        f"{TIMES} cells in a row failed with the same kind of error ({error}). Do not try another variant: first look "
        "at what causes it, or say what is missing. If the next cell fails in the same way, the run ends."
    )


def _same(one: Cell, other: Cell) -> bool:
    return one is other or _result(one) == _result(other)


def _result(cell: Cell) -> str:
    """What the cell put out, without what differs from one execution to the next."""
    outputs = [
        {name: value for name, value in output.items() if name not in ("execution_count", "metadata", "traceback")}
        for output in cell.outputs
    ]
    return re.sub(r"0x[0-9a-fA-F]+", "0x", json.dumps([cell.status, outputs], sort_keys=True))


def _error(cell: Cell) -> str:
    """Name and text of the cell's error; empty when it has none. An interrupt is none."""
    errors = [output for output in cell.outputs if output.get("output_type") == "error"]
    if cell.status != "error" or not errors or errors[-1].get("ename") == "KeyboardInterrupt":
        return ""
    return f"{errors[-1].get('ename')}: {errors[-1].get('evalue')}"


def _error_kind(cell: Cell) -> str:
    """The error without its names and numbers."""
    return _VARYING.sub("_", _error(cell))
