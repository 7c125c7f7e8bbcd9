"""What data there is: the tables in memory and the data files around, and which of them is meant."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from jupyter_codeact.models.analyst import answers
from jupyter_codeact.models.analyst.loading import READERS, suffix, variable
from jupyter_codeact.models.analyst.stage import Plan, Stage, quoted

LOOK = "Look around: tables in memory, data files here and one folder below"


class Around(NamedTuple):
    """What is in the kernel and on disk: tables (name -> rows and columns), names in use, file paths."""

    tables: dict[str, tuple[int, int]]
    names: frozenset[str]
    files: list[str]

    @property
    def all(self) -> list[str]:
        """The names of the tables, then the paths of the files."""
        return [*self.tables, *self.files]


def look_around() -> Stage:
    """Prints tables and names in memory, and data files here and one folder below."""
    body = f"""\
from pathlib import Path

%whos DataFrame
%who
for data_file in sorted([*Path().glob("[!.]*"), *Path().glob("[!.]*/[!.]*")]):
    if data_file.suffix.lower() in {{{", ".join(map(quoted, READERS))}}}:
        print("file:", data_file.as_posix())"""
    return Stage(LOOK, "I will look at what is here first.", body)


def surroundings(output: str) -> Around:
    """What the look-around cell printed."""
    tables = re.findall(r"^(\w+) +DataFrame +.*?\((\d+), (\d+)\)", output, re.M)
    return Around(
        {name: (int(rows), int(columns)) for name, rows, columns in tables},
        frozenset(re.findall(r"(\w+)\t", output)),
        re.findall(r"^file: (.+)$", output, re.M),
    )


def candidates(question: str, notebook: str, around: Around, used: str) -> list[str]:
    """The tables and files that can be meant, by decreasing evidence; more than one means: ask.

    `used` is the table or file that the conversation is about already.
    """
    tabular = [path for path in around.files if suffix(path) != ".json"] or around.files  # JSON is often settings
    words = set(re.findall(r"\w+", question.lower()))
    if words & {"folder", "directory"}:
        return tabular
    named = [table for table in around.tables if table.lower() in words]
    named = named or [path for path in around.files if variable(path) in words]
    noted = [path for path in around.files if PurePosixPath(path).name in notebook]
    return named or ([used] if used else list(around.tables) or noted[-1:] or tabular)


def matches(path: str, name: str) -> bool:
    """True when the path ends with the file name as somebody wrote it."""
    return bool(re.search(rf"(?:^|[/ ]){re.escape(name.removeprefix('./'))}$", path, re.I))


def inventory(hidden: frozenset[str]) -> Plan:
    """The tables (but the hidden ones) and files, with rows and columns, and what can be asked about them."""
    around = surroundings((yield look_around()).output)
    around = around._replace(tables={name: size for name, size in around.tables.items() if name not in hidden})
    if not around.all:
        return answers.NOTHING
    output = (yield _count(around.files[:20])).output if around.files else ""
    sizes = {path: (rows, columns) for path, rows, columns in re.findall(r"^(.+): \((\d+), (\d+)\)$", output, re.M)}
    lines = [f"table `{name}`: {rows} rows, {columns} columns" for name, (rows, columns) in around.tables.items()]
    lines += [f"file `{path}`: {rows} rows, {columns} columns" for path, (rows, columns) in sizes.items()]
    lines += [
        f"file `{path}`: not readable at the first attempt; ask me to profile it"
        for path in around.files
        if path not in sizes
    ]
    return f"{answers.listed(lines)}\n\nAsk me about any of them. {answers.examples(around.all[0])}"


def _count(files: Sequence[str]) -> Stage:
    """Prints the shape of every file, or why it cannot be read."""
    names = "\n".join(f"    {quoted(path)}: pd.{READERS[suffix(path)]}," for path in files)
    body = f"""\
import pandas as pd

data_files = {{
{names}
}}
for data_file, data_reader in data_files.items():
    try:
        print(f"{{data_file}}: {{data_reader(data_file).shape}}")
    except (ValueError, ImportError) as problem:
        print(f"{{data_file}}: {{problem}}")"""
    return Stage("Rows and columns of the data files", "I will open the files to see their size.", body, may_fail=True)
