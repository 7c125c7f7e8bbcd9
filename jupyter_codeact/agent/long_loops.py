"""Loops and waits that have no end in sight."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

MANY = 8.0
"""The decimal logarithm of the turns of a loop that take Python seconds, whatever is done in each."""

LONG_SLEEP = math.log10(600)
"""Of ten minutes, in seconds."""

_ENDLESS = {"itertools.count", "itertools.cycle"}
_EXITS = (ast.Return, ast.Raise, ast.Yield, ast.YieldFrom)
_LOOPS = (ast.While, ast.For, ast.AsyncFor)
_INNER = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def is_long(node: ast.AST, name_of: Callable[[ast.AST], str]) -> bool:
    """Whether `node` is a loop without a way out, a range of very many, or a long sleep."""
    match node:
        case ast.While(test=ast.Constant(value=value)) if value:
            return not _has_exit(node.body)
        case ast.For(iter=ast.Call(func=called)) if name_of(called) in _ENDLESS:
            return not _has_exit(node.body)
        case ast.Call(func=called, args=[*arguments]) if name_of(called) in {"range", "numpy.arange", "np.arange"}:
            return any(_magnitude(argument) >= MANY for argument in arguments[:2])
        case ast.Call(func=called, args=[seconds, *_]) if name_of(called) in {"time.sleep", "sleep", "asyncio.sleep"}:
            return _magnitude(seconds) >= LONG_SLEEP
        case _:
            return False


def _has_exit(body: list[ast.stmt]) -> bool:
    """Whether something in `body` leaves the loop whose body it is."""
    left: list[tuple[ast.AST, bool]] = [(statement, True) for statement in body]
    while left:
        node, own = left.pop()
        if isinstance(node, _EXITS) or (own and isinstance(node, ast.Break)):
            return True
        if not isinstance(node, _INNER):
            own = own and not isinstance(node, _LOOPS)
            left += [(child, own) for child in ast.iter_child_nodes(node)]
    return False


def _magnitude(node: ast.AST, depth: int = 3) -> float:
    """The decimal logarithm of a number that is written out, powers and products included; 0 for what is not known."""
    match node:
        case ast.Constant(value=int() | float() as value) if value > 1:
            return math.log10(value)
        case ast.BinOp(left=left, op=ast.Pow(), right=right) if depth:
            return _magnitude(left, depth - 1) * 10 ** min(_magnitude(right, depth - 1), 100)
        case ast.BinOp(left=left, op=ast.Mult(), right=right) if depth:
            return _magnitude(left, depth - 1) + _magnitude(right, depth - 1)
        case _:
            return 0.0
