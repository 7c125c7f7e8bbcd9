"""The data that a question is about: found, loaded when it is a file, and known again for the next question."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import NamedTuple

from jupyter_codeact.models.analyst import answers, plain
from jupyter_codeact.models.analyst.around import LOOK, Around, candidates, look_around, matches, surroundings
from jupyter_codeact.models.analyst.loading import FILE_NAME, load
from jupyter_codeact.models.analyst.questions import about_data
from jupyter_codeact.models.analyst.stage import Stage
from jupyter_codeact.models.analyst.transcript import Step, Transcript

_ASSIGNED = re.compile(r"^ *(?:_, )?(\w+)(?:\[[^\n]*\])? = |^for (\w+)\b|as (\w+):$", re.M)
_LOADED = re.compile(r"# Load (.+?)(?: with (.+))?\n[^#]*?^(\w+) = pd\.read_", re.M)
_MADE = re.compile(
    r"# (?:Load .+\nimport pandas as pd\n\n\w+ = pd\.read_|Clean (\w+)\n\1_clean = |Describe \w+\nimport pandas)"
)
_DESCRIBED = re.compile(r"# Describe (\w+)")


class Source(NamedTuple):
    """The variable that holds a table, the file it was read from, and how, when not by the defaults."""

    variable: str
    path: str = ""
    note: str = ""


def find(transcript: Transcript, asked: str) -> Generator[Stage, Step, Source | str]:
    """The data that is meant, loaded; or what to tell the user instead."""
    known = _known(transcript)
    wanted = FILE_NAME.search(asked)
    if wanted:
        names = [path for path in known if matches(path, wanted.group())] or [wanted.group()]
        if found := known.get(names[0]) or (yield from _opened(transcript, names[0], asked)):
            return found
        around = surroundings((yield look_around()).output)
        names = [path for path in around.files if matches(path, wanted.group())]
    else:
        around, used = _last_seen(transcript), next(reversed(known), "")
        names = candidates(asked, transcript.notebook, around, used)
        if not names or not about_data(asked) or "folder" in asked:
            around = surroundings((yield look_around()).output)
            names = candidates(asked, transcript.notebook, around, used)
        if not about_data(asked):
            return answers.abilities(next(iter(names), "data.csv"))
    if not names:
        return answers.not_found(around.all, wanted.group()) if wanted else answers.NOTHING
    if len(names) > 1:
        return answers.which(names)
    if names[0] in around.tables:
        return Source(names[0])
    found = known.get(names[0]) or (yield from _opened(transcript, names[0], asked))
    return found or answers.not_found(around.all, names[0])


def _opened(transcript: Transcript, path: str, asked: str) -> Generator[Stage, Step, Source | str]:
    """The loaded file; an empty text when it is not there; or what to tell the user when it cannot be read."""
    taken = names_taken(transcript)
    step = yield from load(path, taken)
    if step.status == "ok":
        return _known_as(step)
    if step.missing == "pandas":
        return (yield from plain.count(path, asked, taken))
    return "" if step.error.startswith("FileNotFoundError") else answers.failed(step.title, step.error)


def _known_as(step: Step) -> Source:
    """What a loading step brought."""
    path, how, variable = _LOADED.findall(step.code)[0]
    skipped = " Lines with too many fields are left out." if "on_bad_lines" in how else ""
    return Source(variable, path, f"`{path}` was read with {how}.{skipped}" if how else "")


def _known(transcript: Transcript) -> dict[str, Source]:
    """The files and tables that were described and are in memory, the latest last."""
    loaded: dict[str, Source] = {}
    known: dict[str, Source] = {}
    for step in transcript.steps:
        if step.status == "ok" and _LOADED.match(step.code):
            loaded[_known_as(step).variable] = _known_as(step)
        elif step.status == "ok" and (described := _DESCRIBED.match(step.code)):
            source = loaded.get(described[1], Source(described[1]))
            known.pop(source.path or source.variable, None)
            known[source.path or source.variable] = source
    return known


def _last_seen(transcript: Transcript) -> Around:
    step = transcript.last(LOOK)
    return surroundings(step.output if step else "")


def names_taken(transcript: Transcript) -> frozenset[str]:
    """The names that the user has in use, as far as the notebook and the last look around tell."""
    return (_last_seen(transcript).names | _assigned(transcript.notebook)) - _own(transcript)


def intermediate(transcript: Transcript) -> frozenset[str]:
    """The names that the analyst made on the way to its answers."""
    return _own(transcript) - {source.variable for source in _known(transcript).values()}


def _own(transcript: Transcript) -> frozenset[str]:
    """The names that the analyst's cells assign, those of earlier conversations in this notebook included."""
    cells = re.split(r"^# cell .*\n", transcript.notebook, flags=re.M)
    return _assigned("\n".join([transcript.written, *filter(_MADE.match, cells)]))


def _assigned(code: str) -> frozenset[str]:
    return frozenset(name for names in _ASSIGNED.findall(code) for name in names if name)
