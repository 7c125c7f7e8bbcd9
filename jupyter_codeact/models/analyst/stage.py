"""A cell that the analyst wants to be run."""

from __future__ import annotations

import json
from collections.abc import Generator
from dataclasses import dataclass, replace
from typing import TypeAlias

from jupyter_codeact.models.analyst.transcript import Step

DIGITS = 'float_format="{:.3f}".format'


@dataclass(frozen=True)
class Stage:
    """A cell: its title (the first line's comment), one sentence for the user, its code, and code that draws.

    A `lasting` stage need not be repeated for the next question. When one that `may_fail` does, the plan says what
    that means; any other failure ends the attempt.
    """

    title: str
    prose: str
    body: str
    plot: str = ""
    lasting: bool = False
    may_fail: bool = False

    @property
    def undrawn(self) -> Stage:
        """The stage without its plot."""
        return replace(self, title=f"{self.title}, without the plot", prose=f"Without a plot: {self.prose}", plot="")

    @property
    def reply(self) -> str:
        """The reply that asks for this cell."""
        drawing = ["import matplotlib.pyplot as plt\n", self.body, self.plot, "plt.show()"]
        code = "\n".join(filter(None, drawing)) if self.plot else self.body
        return f"{self.prose}\n\n```python\n# {self.title}\n{code}\n```\n"


Plan: TypeAlias = Generator[Stage, Step, str]
"""Yields stages, is sent the steps that did them, returns the answer in Markdown."""
Findings: TypeAlias = Generator[Stage, Step, list[str] | str]
"""A part of a plan: returns findings, one a line; or a question back or an apology, which is the whole answer."""


def quoted(value: object) -> str:
    """A Python literal with double quotes, for text and lists of text."""
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(quoted, value)) + "]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def free(wanted: str, taken: frozenset[str]) -> str:
    """`wanted`, or with a number behind it when the user has that name in use."""
    names = [wanted, *(f"{wanted}_{number}" for number in range(2, 100))]
    return next(name for name in names if name not in taken)
