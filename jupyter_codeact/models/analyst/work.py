"""What a recipe works on, and what all recipes share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jupyter_codeact.models.analyst.answers import listed
from jupyter_codeact.models.analyst.cleaning import changes
from jupyter_codeact.models.analyst.frame import Column, Frame
from jupyter_codeact.models.analyst.questions import Task
from jupyter_codeact.models.analyst.stage import quoted

FEW_VALUES = 20
"""A number with more distinct values is grouped by ranges."""


@dataclass(frozen=True)
class Work:
    """A task on a described frame. `data` is the variable to compute with: the frame, its clean copy, or the copy
    with `late`, of which `lateness` was printed; `taken` are the user's names; `note` tells how the file was read."""

    frame: Frame
    task: Task
    data: str
    taken: frozenset[str]
    lateness: str = ""
    note: str = ""

    @property
    def target(self) -> Column | None:
        """The column in question; lateness is a flag made of two dates."""
        return Column("late", "bool", 0, 2) if self.task.late else self.task.target

    @property
    def measure(self) -> Column | None:
        """The column in question, when one can calculate with it."""
        return self.target if self.target and self.target.kind in {"number", "flag"} else None

    @property
    def how(self) -> str:
        """The aggregate to apply: the mean where none is asked for."""
        return {"": "mean", "count": "sum"}.get(self.task.aggregate, self.task.aggregate)

    @property
    def groups(self) -> str:
        """The names of the columns to split by, for a sentence."""
        return " and ".join(column.name for column in self.task.by)

    def cell(self, column: Column) -> str:
        """The code of a column."""
        return f"{self.data}[{quoted(column.name)}]"

    def grouped(self, by: Sequence[Column]) -> str:
        """The code that groups the rows; a number with many values is cut into five ranges of equal size."""
        keys = [
            f'pd.qcut({self.cell(column)}, 5, precision=0, duplicates="drop")'
            if column.kind == "number" and column.unique > FEW_VALUES
            else quoted(column.name)
            for column in by
        ]
        key = keys[0] if len(keys) == 1 else f"[{', '.join(keys)}]"
        return f"{self.data}.groupby({key}, observed=True)"

    def spoken(self, target: Column) -> str:
        """The aggregate's name; the mean of a flag is a rate."""
        return "rate" if self.how == "mean" and target.unique == 2 else self.how

    def answer(self, lines: Sequence[str]) -> str:
        """The findings, one a line, with the assumptions behind them."""
        frame, late = self.frame, self.task.late
        assumed = [self.note] if self.note else []
        if late:
            assumed.append(f"Late means that `{late.actual.name}` is after `{late.promised.name}`.")
        if self.data != frame.name and (done := changes(frame)):
            assumed.append(f"Before that I cleaned a copy: {'; '.join(done)}.")
        if frame.duplicates and not frame.repeats_records:
            assumed.append(f"Duplicated rows ({frame.duplicates}) are counted, since nothing identifies a row.")
        if self.task.filtered:
            assumed.append("I do not understand conditions such as “where” or “only”: all rows are counted.")
        return "\n\n".join([listed(lines), *([" ".join(assumed)] if assumed else [])])
