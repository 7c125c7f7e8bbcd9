"""The outputs of a cell, as `cell_output` events change them."""

from __future__ import annotations

from typing import Any

from jupyter_codeact.events import CellOutput


def apply_output(outputs: list[dict[str, Any]], change: CellOutput) -> None:
    """`outputs` has taken in `change`; an index beyond the end appends."""
    if change.op == "clear":
        outputs.clear()
    elif change.output is None:
        return
    elif change.op == "replace" and change.index < len(outputs):
        outputs[change.index] = change.output
    else:
        outputs.append(change.output)
