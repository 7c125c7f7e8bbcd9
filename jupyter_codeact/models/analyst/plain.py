"""What can be told of a delimited text file without pandas, by the standard library."""

from __future__ import annotations

from jupyter_codeact.models.analyst import answers
from jupyter_codeact.models.analyst.columns import tokens
from jupyter_codeact.models.analyst.loading import DELIMITED, suffix, variable
from jupyter_codeact.models.analyst.printed import line
from jupyter_codeact.models.analyst.stage import Plan, Stage, free, quoted

_NEED = "pandas is missing, so this is all I can tell. Install it with `%pip install pandas`, then ask again."


def count(path: str, question: str, taken: frozenset[str]) -> Plan:
    """Shape, columns and counts; first the columns that the question names."""
    if suffix(path) not in DELIMITED:
        return f"pandas is missing, and I cannot read `{path}` without it. {_NEED}"
    name = free(f"{variable(path)}_rows", taken)
    step = yield _stage(path, name, "utf-8-sig")
    if "codec can't decode" in step.error:
        step = yield _stage(path, name, "cp1252")
    if step.status == "error":
        return answers.failed(step.title, step.error)
    told = [text.partition(": ") for text in step.output.split("\n") if " missing, " in text]
    words = set(tokens(question))
    shown = [row for row in told if words & set(tokens(row[0]))] or told
    names = ", ".join(f"`{column}`" for column, _, _ in told[:20])
    size = f"`{path}` has {line(step.output, 'rows')} rows and {line(step.output, 'columns')} columns: {names}."
    return "\n".join([f"- {size}", *(f"- `{column}`: {text}." for column, _, text in shown[:4])]) + f"\n\n{_NEED}"


def _stage(path: str, name: str, encoding: str) -> Stage:
    """Reads the rows; prints size and, per column, missing, distinct and commonest values."""
    body = f"""\
import csv
from collections import Counter
from pathlib import Path

{name}_text = Path({quoted(path)}).read_text(encoding={quoted(encoding)})
{name} = list(csv.reader({name}_text.splitlines(), csv.Sniffer().sniff({name}_text[:2000], ",;|\\t")))
print("rows:", len({name}) - 1)
print("columns:", len({name}[0]))
print(*[
    f"{{column}}: {{values.count('')}} missing, {{len(set(values))}} different, most often "
    + ", ".join(f"{{value}} ({{count}})" for value, count in Counter(values).most_common(3))
    for column, *values in zip(*{name})
], sep="\\n")"""
    title = f"Count {path} as {encoding} text"
    return Stage(title, "pandas is not installed here, so I will count with the standard library.", body, may_fail=True)
