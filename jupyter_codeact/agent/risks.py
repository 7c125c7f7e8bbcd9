"""What a cell may do that a careful user wants to be asked about: advice in words, not a sandbox.

Code is read, never run, and a reader can be deceived: a name built at run time, a function of an earlier cell, a
library that does more than it says. What is found is worth naming; what is not found proves nothing.
"""

from __future__ import annotations

import re
import unicodedata

from jupyter_codeact.agent.python_risks import parse, tree_risks
from jupyter_codeact.agent.risk_tables import (
    CODE_MAGICS,
    CODES,
    HIDDEN,
    INSTALLS,
    MAGICS,
    ORDER,
    OUTSIDE,
    OUTSIDE_PATH,
    PLAIN_MAGICS,
    SECRET_PATH,
    SECRETS,
    SHELL,
    UNCHECKED,
)
from jupyter_codeact.agent.shell_risks import shell_risks
from jupyter_codeact.risk import Risk

MAX_CHARS = 20_000
"""Longer cells are not read, which keeps it below a third of a second: nobody reads them before approving either."""

SHELLS = frozenset({"bash", "sh", "zsh", "shell", "ksh", "dash"})
_LINE = re.compile(r"^(?P<indent>[ \t]*)(?:[\w*][\w.,\s*\[\]'\"]{0,200}=\s*)?(?P<sign>%%?|!!?)(?P<rest>.*)$")
_HELP = re.compile(r"^[ \t]*(\?{1,2}\s*[\w.*%]+|%{0,2}[\w.*]+\?{1,2})[ \t]*$")
_FILLERS = "\u115f\u1160\u3164\uffa0\u180e"
_JOINERS = "\u200c\u200d"


def risks(source: str, language: str) -> tuple[str, ...]:
    """What `source` may do, in words and a fixed order; empty when nothing was found. Linear, and never raises."""
    if len(source) > MAX_CHARS:
        return (UNCHECKED,)
    seen = "".join(character for character in source if not _is_hidden(character))
    language = language.lower()
    if language in SHELLS:
        found = shell_risks(seen)
    elif language in {"python", "ipython", "python3"}:
        found = _python(seen)
    else:
        found = {UNCHECKED}
    if seen != source:
        found.add(HIDDEN)
    return tuple(risk for risk in ORDER if risk in found)


def must_ask(approval: str, source: str, language: str) -> tuple[bool, tuple[str, ...]]:
    """Whether the user is asked before `source` runs, and the risks to name; `auto` neither asks nor looks."""
    if approval == "auto":
        return False, ()
    found = risks(source, language)
    return approval != "ask-if-risky" or bool(found), found


def codes(found: tuple[str, ...]) -> tuple[Risk, ...]:
    """The codes of the risks that `risks` found, in the same order."""
    return tuple(CODES[risk] for risk in found)


def _is_hidden(character: str) -> bool:
    """Whether nobody sees `character`, or it changes the order in which others are seen. Emoji need their joiners."""
    if character in _JOINERS:
        return False
    return character in _FILLERS or (ord(character) > 127 and unicodedata.category(character) == "Cf")


def _python(source: str) -> set[str]:
    """The risks of a cell as IPython takes it."""
    if source.lstrip().startswith("%%"):
        return _cell_magic(source.lstrip())
    tree = parse(source)
    if tree is not None:
        return tree_risks(tree)
    found, plain = _magic_lines(source)
    tree = parse(plain)
    return found | ({UNCHECKED} if tree is None else tree_risks(tree))


def _cell_magic(source: str) -> set[str]:
    line, _, body = source.partition("\n")
    name, words = _split(line[2:])
    if name in CODE_MAGICS:
        return _python(body) if not body.lstrip().startswith("%%") else {UNCHECKED}
    found = _magic(name, words)
    return found | shell_risks(body) if SHELL in found else found


def _magic_lines(source: str) -> tuple[set[str], str]:
    """The risks of the lines that are not Python, and the source with those lines taken out."""
    found: set[str] = set()
    lines: list[str] = []
    going_on = False
    for line in source.split("\n"):
        special = _LINE.match(line)
        if going_on or _HELP.match(line):
            found |= shell_risks(line) if going_on else set()
            lines.append("")
        elif special is None:
            lines.append(line)
            continue
        else:
            risky, plain = _line(special["sign"], special["rest"])
            found |= risky
            lines.append(special["indent"] + plain)
        going_on = line.endswith("\\")
    return found, "\n".join(lines)


def _line(sign: str, rest: str) -> tuple[set[str], str]:
    """The risks of a line after its sign, and the Python that stands in its place."""
    if sign.startswith("!"):
        return {SHELL} | shell_risks(rest), "pass"
    name, words = _split(rest)
    if sign == "%" and name in CODE_MAGICS:
        code = re.sub(r"^(\s*-\w+(\s+\d+)?)+\s*", "", words)
        return (set(), code.strip() or "pass") if parse(code.strip()) else ({UNCHECKED}, "pass")
    return _magic(name, words), "pass"


def _magic(name: str, words: str) -> set[str]:
    """The risks of a magic by its name and what follows it."""
    if name in PLAIN_MAGICS:
        found = set()
    elif name not in MAGICS:
        return {UNCHECKED}
    else:
        found = {MAGICS[name]}
    if INSTALLS in found:
        return shell_risks(f"{name} {words}")
    if SHELL in found:
        found |= shell_risks(words)
    for word in words.split():
        found |= {OUTSIDE} if OUTSIDE_PATH.match(word) else set()
        found |= {SECRETS} if SECRET_PATH.search(word) else set()
    return found


def _split(text: str) -> tuple[str, str]:
    name, _, words = text.strip().partition(" ")
    return name, words
