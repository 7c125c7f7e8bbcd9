"""The variables of a Python kernel: what it is asked, and how its answer is read."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from jupyter_codeact.events import Column, Variable

from .nbformat_outputs import safe_text

_NAME = "variables"
_COLUMN = re.compile(r"([^\W\d]\w*)(?:\.(.+)|\[\s*(['\"])(.+)\3\s*\])?", re.DOTALL)
"""`df`, `df.price`, `df["unit price"]`."""


class PythonVariables:
    """Works by `python_listing.py`, whose text is run inside the kernel."""

    def expressions(self, wanted: Sequence[str], *, listed: bool) -> dict[str, str]:
        names = [_split(name) for name in wanted]
        # What was defined on the way is cleared: it would stay, as garbage in a cycle, until the kernel collects it.
        return {
            _NAME: "(lambda own: (__import__('builtins').exec("
            f"{_listing()!r}, own), own['listing']({names!r}, {listed!r}), own.clear())[1])({{'__name__': 'listing'}})"
        }

    def read(self, answers: Mapping[str, Any]) -> tuple[list[Variable], int, list[Variable | None]]:
        try:
            found = json.loads(ast.literal_eval(answers[_NAME]["data"]["text/plain"]))
            variables = [_variable(item) for item in found["variables"]]
            wanted = [None if item is None else _variable(item) for item in found["wanted"]]
            return variables, int(found["left_out"]), wanted
        except (LookupError, TypeError, SyntaxError) as error:
            raise ValueError("the kernel answered something else") from error


@cache
def _listing() -> str:
    return (files(__package__) / "python_listing.py").read_text("utf-8")


def _split(name: str) -> list[str | None]:
    """The variable and, or None, its column."""
    parts = _COLUMN.fullmatch(name.strip())
    return [name, None] if parts is None else [parts[1], parts[2] or parts[4]]


def _variable(item: Sequence[Any]) -> Variable:
    name, kind, summary, columns, rows = item
    return Variable(
        name=safe_text(name),
        type=safe_text(kind),
        summary=safe_text(summary),
        columns=tuple(Column(name=safe_text(column), dtype=safe_text(dtype)) for column, dtype in columns),
        rows=safe_text(rows),
    )
