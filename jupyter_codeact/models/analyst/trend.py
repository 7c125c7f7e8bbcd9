"""A number, or the number of rows, over time."""

from __future__ import annotations

import re

from jupyter_codeact.models.analyst import answers
from jupyter_codeact.models.analyst.frame import Column, Frame
from jupyter_codeact.models.analyst.printed import line, table
from jupyter_codeact.models.analyst.stage import DIGITS, Findings, Stage, free, quoted
from jupyter_codeact.models.analyst.work import Work

UNITS = {"h": "per hour", "D": "per day", "W": "per week", "M": "per month", "Q": "per quarter", "Y": "per year"}
_MAIN = re.compile(r"sales|revenue|turnover|price|amount|total|fare|cost|value|profit", re.I)


def trend(work: Work) -> Findings:
    """The column in question over the column of time; without a column named, the main number."""
    axis = _axis(work)
    if axis is None:
        return answers.no_dates(work.frame)
    target = work.measure
    if target is None and work.task.aggregate != "count":
        target = main_number(work.frame, axis)
    what = f"{work.how} of {target.name}" if target else "number of rows"
    values = f"[{quoted(target.name)}].{work.how}()" if target else '.size().rename("rows")'
    name = free(f"{work.frame.name}_trend", work.taken)
    lines, key = _period(work, axis) if axis.kind == "date" else ([], quoted(axis.name))
    lines += [
        f"{name} = {work.data}.groupby({key}){values}",
        f"print({name}.to_string(max_rows=40, {DIGITS}))",
        f'print("\\nhighest:", {name}.idxmax(), "with", round({name}.max(), 3))',
        f'print("lowest:", {name}.idxmin(), "with", round({name}.min(), 3))',
    ]
    plot = f'{name}.plot(marker=".", title={quoted(what)})'
    step = yield Stage(f"Trend of the {what}", f"I will follow the {what} over `{axis.name}`.", "\n".join(lines), plot)
    rows = [(label, row[0]) for label, row in table(step.output, 1).items()]
    if not rows:
        return f"`{axis.name}` holds no dates to follow."
    told = f"{work.spoken(target)} of `{target.name}`" if target else what
    unit = UNITS.get(line(step.output, "period"), f"by {axis.name}")
    return [
        f"The {told} {unit} goes from {rows[0][1]} ({rows[0][0]}) to {rows[-1][1]} ({rows[-1][0]}).",
        f"Highest: {line(step.output, 'highest')}; lowest: {line(step.output, 'lowest')}.",
        *(["The first and last period may be incomplete."] if axis.kind == "date" else []),
    ]


def _period(work: Work, axis: Column) -> tuple[list[str], str]:
    """The code that chooses a period which fits the time that the dates span, and the key to group by."""
    period, days, cell = free("period", work.taken), free("days", work.taken), work.cell(axis)
    lines = [
        f"{days} = ({cell}.max() - {cell}.min()).days",
        f'{period} = "D" if {days} <= 120 else "M" if {days} <= 1200 else "Y"',
    ]
    if work.task.period:
        lines = [f"{period} = {quoted(work.task.period)}"]
    return [*lines, f'print("period:", {period})'], f"{cell}.dt.to_period({period})"


def main_number(frame: Frame, axis: Column) -> Column | None:
    """The number that a question for "the main trend" means: money before other quantities."""
    numbers = [column for column in frame.of_kind("number") if column != axis]
    return next((column for column in numbers if _MAIN.search(column.name)), next(iter(numbers), None))


def _axis(work: Work) -> Column | None:
    """The column of time: one that the question names, else the first date, else one named after a year."""
    columns = work.frame.columns
    dates = [column for column in columns if column.kind == "date"]
    years = [column for column in columns if "year" in column.name.lower() and column.kind == "number"]
    asked = [column for column in (work.task.target, *work.task.by) if column in dates or column in years]
    return next(iter([*asked, *dates, *years]), None)
