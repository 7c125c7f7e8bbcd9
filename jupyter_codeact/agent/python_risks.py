"""The risks of Python code, read from its syntax tree."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable

from jupyter_codeact.agent.long_loops import is_long
from jupyter_codeact.agent.risk_tables import (
    ADDRESS,
    FINAL,
    LONG,
    MEMBERS,
    MODULES,
    NAMES,
    NETWORK,
    OUTSIDE,
    OUTSIDE_PATH,
    OVERWRITES,
    PATH_WORDS,
    SECRET_PATH,
    SECRETS,
    SHELL,
    TEXT_CALLS,
    UNSEEN,
    WRITERS,
)
from jupyter_codeact.agent.shell_risks import shell_risks

MAX_PARTS = 6
"""Of a dotted name so many parts are looked at, from the right: a chain as long as the code stays linear."""

_NO_FILE = frozenset({"sys.stdout", "sys.stderr", "io.StringIO", "io.BytesIO", "StringIO", "BytesIO"})
_RISKY_STARS = {name.partition(".")[0] for name in (*MODULES, *NAMES) if "." in name or name in MODULES}


def parse(source: str) -> ast.Module | None:
    """The syntax tree of `source`; None where it has none, or one that is too deep."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape is not this reader's business
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError, SystemError):  # the last by a bug of Python 3.11's
        return None


def tree_risks(tree: ast.Module) -> set[str]:
    """What the code of `tree` may do; linear in its size."""
    nodes = list(ast.walk(tree))
    known = _imported(nodes)
    text = {id(inner) for node in nodes for inner in _words_of(node)}
    found: set[str] = set()
    for node in nodes:
        match node:
            case ast.Import():
                for alias in node.names:
                    found |= _of_name(alias.name)
            case ast.ImportFrom(module=str(module)):
                found |= _of_import(module, [alias.name for alias in node.names])
            case ast.Attribute() | ast.Name(ctx=ast.Load()):
                found |= _of_name(_dotted(node, known))
            case ast.Constant(value=str(value)) if id(node) not in text:
                found |= _of_text(value)
            case _:
                pass
        if isinstance(node, ast.Call):
            found |= _of_call(node, known)
        if is_long(node, lambda named: _dotted(named, known)):
            found.add(LONG)
    return found


def _imported(nodes: list[ast.AST]) -> dict[str, str]:
    """What the names that `nodes` import stand for."""
    known: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return known


def _dotted(node: ast.AST, known: dict[str, str]) -> str:
    """The full name of `node`, as far as it has one: `.to_csv` is an attribute of what has no name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute) and len(parts) < MAX_PARTS:
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(known.get(node.id, node.id))
    else:
        parts.append("")
    return ".".join(reversed(parts))


def _of_name(name: str) -> set[str]:
    found = {NAMES[name]} if name in NAMES else set()
    parts = name.split(".")
    found |= {MODULES[head] for end in range(1, len(parts) + 1) if (head := ".".join(parts[:end])) in MODULES}
    if parts[-1] in MEMBERS and (len(parts) > 1 or parts[-1] not in {"system", "magic"}):
        found.add(MEMBERS[parts[-1]])
    return found


def _of_import(module: str, names: list[str]) -> set[str]:
    if "*" in names:
        return _of_name(module) | ({UNSEEN} if module.partition(".")[0] in _RISKY_STARS else set())
    return set().union(*(_of_name(f"{module}.{name}") for name in names))


def _words_of(node: ast.AST) -> list[ast.AST]:
    """The strings right below `node` that are nothing but text: a docstring, a message, a label."""
    if isinstance(node, ast.Expr):
        return [node.value]
    if isinstance(node, ast.Call) and _dotted(node.func, {}).rpartition(".")[2] in TEXT_CALLS:
        given = [*node.args, *(keyword.value for keyword in node.keywords)]
        return [inner for value in given for inner in (value, *getattr(value, "values", ()))]
    return []


def _of_text(value: str) -> set[str]:
    """What a string may name: an address, a place outside the folder, a file of secrets."""
    tests: tuple[tuple[str, Callable[[str], object]], ...] = (
        (NETWORK, ADDRESS.match),
        (OUTSIDE, OUTSIDE_PATH.match),
        (OUTSIDE, _climbs),
        (SECRETS, SECRET_PATH.search),
    )
    return {risk for risk, test in tests if test(value[:500])}


def _climbs(value: str) -> bool:
    return ".." in value.replace("\\", "/").split("/") and "\n" not in value


def _of_call(call: ast.Call, known: dict[str, str]) -> set[str]:
    name = _dotted(call.func, known)
    last = name.rpartition(".")[2]
    found = {FINAL[last]} if last in FINAL and "." in name else set()
    if last in WRITERS and _names_a_file(call, known):
        found.add(OVERWRITES)
    if last == "open" and name != "webbrowser.open" and _opens_to_write(call, method=name not in {"open", "io.open"}):
        found.add(OVERWRITES)
    if last == "load" and any(keyword.arg == "allow_pickle" for keyword in call.keywords):
        found.add(UNSEEN)
    if SHELL in _of_name(name):
        for argument in call.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                found |= shell_risks(argument.value)
    return found


def _names_a_file(call: ast.Call, known: dict[str, str]) -> bool:
    given = call.args[:1] + [keyword.value for keyword in call.keywords if keyword.arg in PATH_WORDS]
    modes = [keyword.value for keyword in call.keywords if keyword.arg == "mode"]
    if any(isinstance(mode, ast.Constant) and mode.value == "x" for mode in modes):
        return False  # fails where the file exists
    return any(
        not (isinstance(value, ast.Constant) and value.value is None)
        and _dotted(value.func if isinstance(value, ast.Call) else value, known) not in _NO_FILE
        for value in given
    )


def _opens_to_write(call: ast.Call, *, method: bool) -> bool:
    """`open(path, mode)`, or `path.open(mode)`; a mode that is not written out counts as writing."""
    position = 0 if method and not (len(call.args) > 1) else 1
    modes = call.args[position : position + 1] + [word.value for word in call.keywords if word.arg == "mode"]
    for mode in modes:
        if not isinstance(mode, ast.Constant):
            return not method
        if isinstance(mode.value, str) and len(mode.value) <= 4 and set(mode.value) & set("wa+"):
            return True
    return False
