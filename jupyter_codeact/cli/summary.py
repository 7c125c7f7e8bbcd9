"""What a run did, and what that took, in one line."""

from __future__ import annotations

from jupyter_codeact.journal.state import Run, State


def summary(state: State, run: Run) -> str:
    """Such as "4 cells, 1 fixed, 12 s, 3.1k tokens, $0.012"; empty where nothing was done.

    The time is the model's and the kernel's, without waiting for the user; an error is fixed when a cell after it
    worked; `~` stands before what was estimated.
    """
    steps = [step for step in state.steps if step.run_id == run.run_id]
    if not steps:
        return ""
    cells = [state.cells[step.cell_id] for step in steps if step.cell_id is not None]
    fixed, failing = 0, False
    for cell in cells:
        fixed += failing and cell.status == "ok"
        failing = cell.status == "error" or (failing and cell.status != "ok")
    about = "~" if run.usage.estimated else ""
    facts = [
        f"{len(cells)} cell{'s' if len(cells) > 1 else ''}" if cells else "",
        f"{fixed} fixed" if fixed else "",
        duration(sum(step.seconds for step in steps) + sum(cell.seconds for cell in cells)),
        f"{about}{_count(run.usage.total)} tokens" if run.usage.total else "",
        "" if run.cost is None else about + _money(run.cost),
    ]
    return ", ".join(fact for fact in facts if fact)


def duration(seconds: float) -> str:
    """As the panel says it: < 0.1 s, 0.8 s, 42 s, 3 min 5 s, 2 h 10 min."""
    if seconds < 0.05:
        return "< 0.1 s"
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def _count(tokens: int) -> str:
    if tokens < 1000:
        return str(tokens)
    value, unit = (tokens / 1000, "k") if tokens < 999_500 else (tokens / 1_000_000, "M")
    return f"{value:.1f}{unit}" if value < 9.95 else f"{value:.0f}{unit}"


def _money(cost: float) -> str:
    """To three digits behind the point, or to the first digits where it is smaller."""
    if cost >= 0.001 or cost == 0:
        return f"${cost:.3f}" if cost < 1 else f"${cost:,.2f}"
    return "<$0.00001" if cost < 0.00001 else f"${cost:.5f}".rstrip("0")
