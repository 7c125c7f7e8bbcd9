"""The risks of a shell's lines: of `!` and `%%bash` in a Python notebook, and of a Bash kernel's cells."""

from __future__ import annotations

import re

from jupyter_codeact.agent.risk_tables import (
    ADDRESS,
    COMMANDS,
    NETWORK,
    OUTSIDE,
    OUTSIDE_PATH,
    OVERWRITES,
    SECRET_PATH,
    SECRETS,
    UNSEEN,
    WITH_WORDS,
)

MAX_COMMAND = 2000
"""Characters of one command that are looked at for words that belong together."""

_SEPARATORS = re.compile(r"[\n;|&(){}`]+|\$\(")
_BEFORE = frozenset(
    "then do else elif if while until time nohup nice sudo doas command builtin env exec xargs stdbuf timeout !".split()
)
_ASSIGNED = re.compile(r"\w+=\S*$")
_REDIRECTION = re.compile(r"(?<![<=-])>{1,2}\|?[ \t]{0,20}(?!/dev/(?:null|stderr|stdout)|&)[^\s>]")


def shell_risks(script: str) -> set[str]:
    """What the commands of `script` may do; linear in its length."""
    script = script.replace("\\\n", " ")
    found = {OVERWRITES} if _REDIRECTION.search(_without_comments(script)) else set()
    for command in _SEPARATORS.split(_without_comments(script)):
        found |= _of_command(command[:MAX_COMMAND], command.split())
    return found


def _without_comments(script: str) -> str:
    return re.sub(r"(?m)(^|(?<=\s))#.*$", "", script)


def _of_command(text: str, words: list[str]) -> set[str]:
    found: set[str] = set()
    first = True
    for word in words:
        bare = word.strip("'\"")
        name = bare.rsplit("/", 1)[-1].removesuffix(".exe")
        if first and not _ASSIGNED.match(word):
            found |= {COMMANDS[name]} if name in COMMANDS else set()
            found |= {UNSEEN} if bare.startswith(("$", "./", "../", "~")) else set()
            first = name in _BEFORE or bare.startswith("-")
        found |= {OUTSIDE} if OUTSIDE_PATH.match(bare) or (bare.startswith("/") and not _is_program(bare)) else set()
        found |= {SECRETS} if SECRET_PATH.search(bare) else set()
        found |= {NETWORK} if ADDRESS.match(bare) else set()
    line = " ".join(text.split())
    return found | {risk for risk, pattern in WITH_WORDS.items() if pattern.match(_program(line))}


def _program(line: str) -> str:
    """`line` from the program on, without what may stand before it."""
    words = line.split(" ")
    while words and (words[0] in _BEFORE - {"while", "until"} or _ASSIGNED.match(words[0])):
        words.pop(0)
    return " ".join(words)


def _is_program(path: str) -> bool:
    return path.startswith(("/bin/", "/usr/bin/", "/usr/local/bin/", "/dev/null"))
