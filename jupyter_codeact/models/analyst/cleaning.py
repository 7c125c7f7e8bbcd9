"""Cleaning a copy of a frame: duplicates, numbers and dates kept as text, spellings, impossible values; lateness."""

from __future__ import annotations

import json
from collections.abc import Callable

from jupyter_codeact.models.analyst.frame import Column, Frame
from jupyter_codeact.models.analyst.questions import Late
from jupyter_codeact.models.analyst.stage import Stage, quoted


def changes(frame: Frame) -> list[str]:
    """What the cleaning does, in words; nothing when there is nothing to clean."""
    done = [f"drop {frame.duplicates} duplicated rows"] if frame.repeats_records else []
    for fix, (words, _) in _FIXES.items():
        if columns := [column.name for column in frame.columns if column.fix == fix]:
            done.append(words.format(", ".join(columns)))
    return done


def clean(frame: Frame, name: str) -> Stage:
    """Makes the clean copy `name` of the frame."""
    lines = [f"{name} = {frame.name}{'.drop_duplicates()' if frame.repeats_records else ''}.copy()"]
    for column in frame.columns:
        if column.fix:
            cell = f"{name}[{quoted(column.name)}]"
            lines.append(f"{cell} = {_FIXES[column.fix][1](cell, column)}")
    lines.append(f'print(f"rows kept: {{len({name})}} of {{len({frame.name})}}")')
    touched = [column.name for column in frame.columns if column.fix not in {"", "spelling"}]
    if touched:
        lines.append(f'print("missing values now:", {name}[{quoted(touched)}].isna().sum().to_dict())')
    prose = f"Some things need cleaning first, which I will do in a copy: {'; '.join(changes(frame))}."
    return Stage(f"Clean {frame.name}", prose, "\n".join(lines), lasting=True)


def _as_number(cell: str, column: Column) -> str:
    sign, dot = (",", '.str.replace(",", ".")') if column.decimal_comma else (".", "")
    digits = f'{cell}.astype(str).str.replace(r"[^\\d{sign}-]", "", regex=True){dot}'
    return f'pd.to_numeric(\n    {digits},\n    errors="coerce",\n)'


def _as_date(cell: str, column: Column) -> str:
    return f'pd.to_datetime({cell}, errors="coerce"{", dayfirst=True" if column.day_first else ""})'


def _one_spelling(cell: str, column: Column) -> str:
    wanted = {column.spellings.get(value, value) for value in column.values}
    for case in ("title", "lower", "upper"):
        if all(getattr(value, case)() == value for value in wanted):
            return f"{cell}.str.strip().str.{case}()"
    stripped = {old.strip(): new for old, new in column.spellings.items() if old.strip() != new}
    return f"{cell}.str.strip()" + (f".replace({json.dumps(stripped, ensure_ascii=False)})" if stripped else "")


def _not_negative(cell: str, column: Column) -> str:
    return f"{cell}.where({cell} >= 0)"


_FIXES: dict[str, tuple[str, Callable[[str, Column], str]]] = {
    "number": ("read {} as numbers", _as_number),
    "date": ("read {} as dates", _as_date),
    "spelling": ("one spelling per value of {}", _one_spelling),
    "negative": ("treat negative {} as missing", _not_negative),
}
"""What is wrong with a column -> the repair in words, and its code."""


def late(source: str, name: str, dates: Late) -> Stage:
    """Makes the frame `name` of the rows with both dates, with the flag `late`."""
    promised, actual = quoted(dates.promised.name), quoted(dates.actual.name)
    impossible = ""
    if dates.started:
        impossible = f"""\
# Rows that end before they start cannot be right
{name} = {name}[~({name}[{actual}] < {name}[{quoted(dates.started.name)}])].copy()
"""
    body = f"""\
{name} = {source}.dropna(subset=[{promised}, {actual}]).copy()
{impossible}{name}["late"] = {name}[{actual}] > {name}[{promised}]
print(f"rows used: {{len({name})}} of {{len({source})}}")
print("late rows:", {name}["late"].sum())
print("late rate:", round({name}["late"].mean(), 3))"""
    meaning = f"`{dates.actual.name}` is after `{dates.promised.name}`"
    return Stage(f"Mark late rows of {source}", f"I will call a row late when {meaning}.", body, lasting=True)
