"""Changes that a cell made to what later cells take for granted, and that its outputs do not show.

Known for Python only: a kernel of that language evaluates `PROBE` right behind each cell that went well, as part of
the same request.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import Any

_NAME = "surroundings"
_OWN_STREAM = "ipykernel.iostream"
_OWN_PRINT = "builtin_function_or_method"

PROBE = {
    _NAME: (
        "(__import__('os').getcwd(), __import__('sys').stdout.__class__.__module__, "
        "__import__('builtins').print.__class__.__name__)"
    )
}


class Surroundings:
    """What one kernel process was last seen to have: directory, standard output, `print`."""

    def __init__(self) -> None:
        self._directory: str | None = None
        self._stream = _OWN_STREAM
        self._print = _OWN_PRINT
        self._deleted = False

    def notice(self, expressions: Mapping[str, Any]) -> tuple[str, ...]:
        """A line for each change since the last call; `expressions` is what the kernel made of `PROBE`, or empty."""
        answer = expressions.get(_NAME)
        if not isinstance(answer, Mapping):
            return ()
        if answer.get("status") == "error":
            return self._notice_error(str(answer.get("ename")))
        try:
            directory, stream, kind_of_print = ast.literal_eval(answer["data"]["text/plain"])
        except (KeyError, TypeError, ValueError, SyntaxError):
            return ()
        problems = []
        if self._directory is not None and directory != self._directory:
            problems.append(f"the working directory is now {directory}")
        if stream not in (self._stream, _OWN_STREAM):
            problems.append("sys.stdout was replaced: what is printed from now on may not be shown")
        if kind_of_print not in (self._print, _OWN_PRINT):
            problems.append("the built-in print was replaced: what is printed from now on may not be shown")
        self._directory, self._stream, self._print, self._deleted = directory, stream, kind_of_print, False
        return tuple(problems)

    def _notice_error(self, name: str) -> tuple[str, ...]:
        if name != "FileNotFoundError" or self._deleted:
            return ()
        self._deleted = True
        return ("the working directory was deleted: relative paths do not work any more",)
