"""How a data file is read, and what is tried next when that fails."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Generator
from pathlib import PurePosixPath

from jupyter_codeact.models.analyst.stage import Stage, free, quoted
from jupyter_codeact.models.analyst.transcript import Step

READERS = {
    ".csv": "read_csv",
    ".tsv": "read_table",
    ".xlsx": "read_excel",
    ".xls": "read_excel",
    ".json": "read_json",
    ".jsonl": "read_json",
    ".parquet": "read_parquet",
}
DELIMITED = {".csv", ".tsv"}
FILE_NAME = re.compile(rf"[\w./-]*\w(?:{'|'.join(map(re.escape, READERS))})\b", re.I)


def suffix(path: str) -> str:
    """The lower-case suffix of a path."""
    return PurePosixPath(path).suffix.lower()


def variable(path: str) -> str:
    """A variable name after the file's stem."""
    name = re.sub(r"\W+", "_", PurePosixPath(path).stem).strip("_").lower() or "data"
    if name[0].isdigit() or keyword.iskeyword(name) or hasattr(builtins, name) or name in {"pd", "plt", "np"}:
        return f"data_{name}"
    return name


REPAIRS: tuple[tuple[str, dict[str, object]], ...] = (
    (r"byte 0xf[ef] in position 0", {"encoding": "utf-16"}),
    (r"UnicodeDecodeError|UnicodeError|codec can't decode", {"encoding": "cp1252"}),
    (r"UnicodeDecodeError|UnicodeError|codec can't decode", {"encoding": "latin-1"}),
    (r"ValueError: Trailing data", {"lines": True}),
    (r"ParserError|Expected \d+ fields|(?s:columns: 1\n.*(?:[;\t|]|\\t))", {}),
)
"""What loading brought -> the options of the next attempt; none: those that the raw text asks for."""


def load(path: str, taken: frozenset[str]) -> Generator[Stage, Step, Step]:
    """The step that loaded the file, after the repairs that its outputs asked for; or the last one that failed."""
    name = free(variable(path), taken)
    options: dict[str, object] = {}
    tried: list[dict[str, object]] = []
    prose = f"I will load `{path}`."
    while True:
        tried.append(options)
        step = yield _load(path, name, options, prose)
        repairs = [change for pattern, change in REPAIRS if re.search(pattern, step.error or step.output)]
        options = next((options | change for change in repairs if options | change not in tried), options)
        if {} in repairs and suffix(path) in DELIMITED:
            options = options | sniffed((yield _peek(path, name, options)).output)
            if options in tried and step.status == "error":
                options = options | {"on_bad_lines": "skip"}
        if options in tried:
            return step
        met = step.error.partition(":")[0]
        how = f"That failed with {met}, so I" if met else "The columns were not told apart, so I"
        prose = f"{how} will load it another way."


def _load(path: str, name: str, options: dict[str, object], prose: str) -> Stage:
    """Reads the file into the variable `name` and prints its size and first rows."""
    changes = ", ".join(f"{key} {value!r}" for key, value in options.items())
    arguments = "".join(f", {key}={quoted(value)}" for key, value in options.items())
    body = f"""\
import pandas as pd

{name} = pd.{READERS[suffix(path)]}({quoted(path)}{arguments})
print(f"rows: {{len({name})}}, columns: {{{name}.shape[1]}}")
{name}.head()"""
    return Stage(f"Load {path}" + (f" with {changes}" if changes else ""), prose, body, may_fail=True)


def _peek(path: str, name: str, options: dict[str, object]) -> Stage:
    """Prints the first lines of a text file as they are."""
    encoding = quoted(options.get("encoding", "utf-8"))
    body = f"""\
with open({quoted(path)}, encoding={encoding}, errors="replace") as {name}_file:
    print({name}_file.read(800))"""
    return Stage(f"Look at the raw beginning of {path}", "I will look at the raw text of the file.", body)


def sniffed(text: str) -> dict[str, object]:
    """Options of `read_csv` for delimited text: separator, decimal comma, lines above the header."""
    lines = [line for line in text.split("\n") if line.strip()][:-1] or text.split("\n")
    separator = max(";\t|,", key=lambda sign: sum(sign in line for line in lines) * 1000 + lines[-1].count(sign))
    options: dict[str, object] = {} if separator == "," else {"sep": separator}
    if separator != "," and re.search(r"(?<![\d,])\d+,\d+(?![\d,])", text):
        options["decimal"] = ","
    above = next((number for number, line in enumerate(lines) if separator in line), 0)
    return {**options, "skiprows": above} if above else options
