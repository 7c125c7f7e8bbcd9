"""A DataFrame as its describing cell printed it: size, columns, and what is wrong with them."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field

from jupyter_codeact.models.analyst.stage import Stage, free
from jupyter_codeact.models.analyst.transcript import Step

_COLUMN = re.compile(r"^(\S.*?)\s{2,}(\S+(?: \S+)?)\s+(\d+)\s+(\d+)\s+(\S+)(?:\s+(\S.*?))?\s*$")
_VALUES = re.compile(r"^(.+?): (\{.*\})$", re.M)
_NUMBER = re.compile(r"^[-(]?\s?[$€£¥]?\s?-?\d{1,3}(?:[., ']?\d{3})*(?:[.,]\d+)?\s?(?:[%$€£¥]|USD|EUR|GBP)?\)?$")
_DATE = re.compile(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[ T]\d.*)?$|^\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?:[ T]\d.*)?$")
_IDENTITY = re.compile(r"(?:^|[_ ])(?:id|uuid|key|no|nr|number)$|^unnamed: 0$|^index$", re.I)
_QUANTITY = re.compile(r"price|cost|amount|distance|weight|height|length|width|mass|age|items|count|quantity|qty", re.I)
_KINDS = {r"u?int|float|decimal|double": "number", "bool": "flag", "datetime|timestamp": "date"}


@dataclass(frozen=True)
class Column:
    """A column as described; `values` counts its spellings when they are few, `low` is the minimum of a number."""

    name: str
    dtype: str
    missing: int
    unique: int
    examples: tuple[str, ...] = ()
    values: dict[str, int] = field(default_factory=dict, hash=False)
    low: str = ""

    @property
    def fix(self) -> str:
        """What is wrong: `number` or `date` kept as text, `spelling` that varies, `negative` quantities, or nothing."""
        if self._stored == "number":
            return "negative" if self.low.startswith("-") and _QUANTITY.search(self.name) else ""
        if self._stored:
            return ""
        for kind, pattern in (("number", _NUMBER), ("date", _DATE)):
            if self.examples and all(pattern.match(example) for example in self.examples):
                return kind
        return "spelling" if self.spellings else ""

    @property
    def spellings(self) -> dict[str, str]:
        """Each rarer spelling -> the commonest one that differs from it in case or outer spaces only."""
        groups = defaultdict(list)
        for value in self.values:
            groups[value.strip().casefold()].append(value)
        best = {key: max(group, key=self.values.__getitem__).strip() for key, group in groups.items()}
        return {value: best[key] for key, group in groups.items() for value in group if value != best[key]}

    @property
    def kind(self) -> str:
        """`number`, `flag`, `date`, `category` or `text`, after the fix."""
        fixed = self.fix if self.fix in {"number", "date"} else ""
        return self._stored or fixed or ("category" if self.unique <= 30 else "text")

    @property
    def _stored(self) -> str:
        return next((kind for pattern, kind in _KINDS.items() if re.match(pattern, self.dtype, re.I)), "")

    @property
    def decimal_comma(self) -> bool:
        """True when the numbers in the text look like 1.234,5 rather than 1,234.5."""
        return any(re.search(r",\d{1,2}\D*$|,\d{4,}|\.\d{3},", example) for example in self.examples)

    @property
    def day_first(self) -> bool:
        """True when the dates in the text look like 31.12.2024 or 31/12/2024."""
        return any(re.match(r"\d{1,2}\.|(?:1[3-9]|2\d|3[01])[/-]\d", example) for example in self.examples)


@dataclass(frozen=True)
class Frame:
    """A described DataFrame: its variable, size, and columns in order."""

    name: str
    rows: int
    duplicates: int
    columns: tuple[Column, ...]

    @property
    def repeats_records(self) -> bool:
        """True when duplicated rows repeat an identifier, so that they are copies and not equal facts."""
        return bool(self.duplicates) and any(_IDENTITY.search(column.name) for column in self.columns)

    def of_kind(self, *kinds: str) -> list[Column]:
        """The columns of these kinds that do not merely number the rows."""
        columns = (column for column in self.columns if column.kind in kinds)
        return [one for one in columns if not (_IDENTITY.search(one.name) and one.unique > 0.8 * self.rows)]


def describe(name: str, taken: frozenset[str]) -> Generator[Stage, Step, Frame]:
    """The frame in the variable `name`; where cells hold lists or dicts, those are compared as text."""
    step = yield _stage(f"Describe {name}", name, name, taken, may_fail=True)
    if step.status == "error":
        step = yield _stage(f"Describe {name}, nested values as text", name, f"{name}.astype(str)", taken)
    return read(name, step.output)


def _stage(title: str, name: str, cells: str, taken: frozenset[str], *, may_fail: bool = False) -> Stage:
    column = free("column", taken)
    body = f"""\
import pandas as pd

print(f"rows: {{len({name})}}, columns: {{{name}.shape[1]}}, duplicated rows: {{{cells}.duplicated().sum()}}")
print(pd.DataFrame({{
    "type": {name}.dtypes.astype(str),
    "missing": {name}.isna().sum(),
    "unique": {cells}.nunique(),
    "min": {name}.min(numeric_only=True),
    "examples": [" | ".join({name}[name].dropna().astype(str).str[:20].unique()[:3]) for name in {name}],
}}, index={name}.columns).head(40).to_string())
for {column} in {name}.select_dtypes(exclude=["number", "bool", "datetime", "datetimetz"]):
    if {cells}[{column}].nunique() <= 20:
        print(f"{{{column}}}: {{{cells}[{column}].value_counts().to_dict()}}")"""
    prose = f"I will look at the columns of `{name}`: types, missing values, duplicates, examples."
    return Stage(title, prose, body, lasting=True, may_fail=may_fail)


def read(name: str, output: str) -> Frame:
    """What the describing cell printed."""
    size = re.search(r"^rows: (\d+), columns: \d+, duplicated rows: (\d+)$", output, re.M)
    values = dict(_VALUES.findall(output))
    columns = tuple(
        Column(
            row[1],
            row[2],
            int(row[3]),
            int(row[4]),
            tuple(row[6].split(" | ")) if row[6] else (),
            _counts(values.get(row[1], "")),
            row[5],
        )
        for row in map(_COLUMN.match, output.split("\n"))
        if row
    )
    return Frame(name, int(size[1]) if size else 0, int(size[2]) if size else 0, columns)


def _counts(text: str) -> dict[str, int]:
    try:
        return {str(value): int(count) for value, count in ast.literal_eval(text or "{}").items()}
    except (ValueError, SyntaxError):
        return {}
