"""What a Python kernel holds, as JSON. This file is not imported: its text is run inside the kernel, in a namespace of
its own (the standard library only, Python >= 3.8).

Nothing of the user's runs: a value is looked into only where its exact type is in the table here, since `len`, `repr`
or an attribute of any other may take for ever, or have effects. Types are known by their identity: even the hash or the
name of a class may be the user's code.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice
from typing import Any

MOST_COLUMNS = 30
MOST_NAMED_COLUMNS = 200
ROWS = 3
NAMED_ROWS = 10
MOST_VARIABLES = 200
TEXT = 60
LEAST_DETAILED = 4
DETAIL_SECONDS = 0.012
"""Columns and rows are looked at for so long, but of so many tables at least; of those after that, only the size is."""

_DAMAGE = (ArithmeticError, AttributeError, LookupError, MemoryError, OSError, RuntimeError, TypeError, ValueError)
_MRO = type.__dict__["__mro__"]
_NAME = type.__dict__["__name__"]
_MODULE = type.__dict__["__module__"]


def listing(wanted: list[list[Any]], listed: bool) -> str:
    """`{"variables": [...], "left_out": n, "wanted": [...]}`, tables and arrays first, then the newest names.

    A variable is `[name, type, summary, [[column, dtype], ...], rows]`. Each of `wanted` is `[name, column or null]`;
    its answer is a variable in more detail, or null where there is none.
    """
    shell = sys.modules["IPython"].get_ipython()
    namespace, hidden = shell.user_ns, shell.user_ns_hidden
    reader = _Reader()
    own = [
        (name, value)
        for name, value in reversed(list(namespace.items()))
        if type(name) is str and name[:1] != "_" and hidden.get(name, reader) is not value and not _is_tool(value)
    ]
    own.sort(key=lambda item: not reader.is_table(item[1]))
    shown = own[:MOST_VARIABLES] if listed else []
    return json.dumps(
        {
            "variables": [reader.describe(name, value) for name, value in shown],
            "left_out": len(own) - len(shown) if listed else 0,
            "wanted": [reader.named(namespace, name, column) for name, column in wanted],
        }
    )


class _Reader:
    """Describes values of known types: `_looks` has the function for each, by the type's id; `_tables` has tables'."""

    def __init__(self) -> None:
        self._end = time.perf_counter() + DETAIL_SECONDS
        self._detailed = 0
        self._columns, self._rows = MOST_COLUMNS, ROWS
        self._looks = {id(kind): look for look, kinds in _plain_types() for kind in kinds}
        self._tables = {}
        for module, names, look in (
            ("pandas", ("DataFrame",), self._pandas_frame),
            ("pandas", ("Series",), self._pandas_series),
            ("polars", ("DataFrame",), self._polars_frame),
            ("polars", ("Series",), self._polars_series),
            ("numpy", ("ndarray",), self._array),
        ):
            for name in names:
                kind = getattr(sys.modules.get(module), name, None)
                if kind is not None:
                    self._tables[id(kind)] = look

    def is_table(self, value: Any) -> bool:
        return id(type(value)) in self._tables

    def describe(self, name: str, value: Any) -> list[Any]:
        described = [name[:200], _type_name(type(value)), "", [], ""]
        look = self._tables.get(id(type(value)))
        try:
            if look is not None:
                described[2:] = look(value)
            else:
                described[2] = self._short(value)
        except _DAMAGE:
            pass
        return described

    def named(self, namespace: dict[str, Any], name: str, column: str | None) -> list[Any] | None:
        """In detail, whatever it takes: the user asked for this one."""
        if name not in namespace:
            return None
        value = namespace[name]
        self._end = float("inf")
        self._columns, self._rows = MOST_NAMED_COLUMNS, NAMED_ROWS
        return self.describe(name, value) if column is None else self._column(name, value, column)

    def _column(self, name: str, value: Any, column: str) -> list[Any] | None:
        if not self.is_table(value):
            return None
        labels = list(getattr(value, "columns", ()))
        where = next((index for index, label in enumerate(labels) if type(label) is str and label == column), None)
        if where is None:
            return None
        one = value.iloc[:, where] if hasattr(value, "iloc") else value.to_series(where)
        return self.describe(name + "." + column, one)

    def _has_seen_enough(self) -> bool:
        self._detailed += 1
        return self._detailed > LEAST_DETAILED and time.perf_counter() > self._end

    def _pandas_frame(self, value: Any) -> tuple[str, list[Any], str]:
        height, width = value.shape
        size = _size(height, width)
        if self._has_seen_enough():
            return size, [], ""
        # A part of a table gets a deep copy of its `attrs`, which may hold anything.
        head = value if value.attrs else value.iloc[: self._rows, : self._columns]
        kinds = list(head.dtypes)[: self._columns]
        names = list(value.columns[: self._columns])
        columns = [[self._label(name), _kind(kind)] for name, kind in zip(names, kinds)]  # noqa: B905 - Python 3.8
        if head is value or not all(map(_known, kinds)):
            return size, columns, ""
        rows = [[head.iat[row, column] for column in range(len(kinds))] for row in range(len(head))]
        return size, columns, self._lines(rows)

    def _pandas_series(self, value: Any) -> tuple[str, list[Any], str]:
        first = [value.iat[row] for row in range(min(self._rows, value.shape[0]))] if _known(value.dtype) else []
        return self._values(value.shape[0], value.dtype, first), [], ""

    def _polars_frame(self, value: Any) -> tuple[str, list[Any], str]:
        size = _size(value.height, value.width)
        if self._has_seen_enough():
            return size, [], ""
        columns = [[self._label(name), _kind(kind)] for name, kind in islice(value.schema.items(), self._columns)]
        head = value.head(self._rows).select(value.columns[: self._columns])
        return size, columns, self._lines(head.rows())

    def _polars_series(self, value: Any) -> tuple[str, list[Any], str]:
        return self._values(value.len(), value.dtype, value.head(self._rows).to_list()), [], ""

    def _array(self, value: Any) -> tuple[str, list[Any], str]:
        size = " x ".join(format(length, ",") for length in value.shape) or "a scalar"
        first = value[: self._rows].tolist() if value.ndim == 1 and value.dtype.kind in "biufcmMSU" else []
        return size + ", " + _kind(value.dtype) + (": " + self._listed(first, value.size) if first else ""), [], ""

    def _values(self, count: int, kind: Any, first: list[Any]) -> str:
        return format(count, ",") + " values, " + _kind(kind) + ": " + self._listed(first, count)

    def _label(self, name: Any) -> str:
        return name[:TEXT] if type(name) is str else self._short(name) or _type_name(type(name))

    def _lines(self, rows: list[Any]) -> str:
        return "\n".join(" | ".join(self._field(value) for value in row) for row in rows)

    def _field(self, value: Any) -> str:
        return " ".join(value[:TEXT].split()) if type(value) is str else self._item(value)

    def _listed(self, first: list[Any], count: int) -> str:
        return ", ".join(map(self._item, first)) + (", ..." if count > len(first) else "")

    def _item(self, value: Any) -> str:
        """A value inside another: what it holds itself is not looked at."""
        kind = type(value)
        inside = kind in (list, tuple, dict, set, frozenset) if id(kind) in self._looks else True
        return "<" + _type_name(kind) + ">" if inside else self._short(value)

    def _short(self, value: Any) -> str:
        look = self._looks.get(id(type(value)))
        return "" if look is None else look(self, value)

    def scalar(self, value: Any) -> str:
        return str(value)[:TEXT]

    def integer(self, value: Any) -> str:
        bits = value.bit_length()
        return str(value) if bits < 200 else "a number of " + format(bits, ",") + " bits"

    def text(self, value: Any) -> str:
        more = len(value) - TEXT
        return repr(value[:TEXT]) + (" and " + format(more, ",") + " more" if more > 0 else "")

    def items(self, value: Any) -> str:
        first = list(islice(value, ROWS))
        return format(len(value), ",") + " items" + (": " + self._listed(first, len(value)) if first else "")

    def entries(self, value: Any) -> str:
        first = [self._item(key) + ": " + self._item(inner) for key, inner in islice(value.items(), ROWS)]
        more = ", ..." if len(value) > len(first) else ""
        return format(len(value), ",") + " entries" + (": " + ", ".join(first) + more if first else "")


def _plain_types() -> tuple[tuple[Any, list[Any]], ...]:
    """How values are looked at, and the types that are looked at so."""
    standard = (
        ("datetime", ("date", "datetime", "time", "timedelta")),
        ("decimal", ("Decimal",)),
        ("pathlib", ("PosixPath", "WindowsPath", "PurePosixPath")),
        ("uuid", ("UUID",)),
        ("pandas", ("Timestamp", "Timedelta", "Period")),
        ("numpy", ("bool_", "str_", "datetime64", "timedelta64", "float16", "float32", "float64")),
        ("numpy", ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "complex128")),
    )
    scalars = [getattr(sys.modules.get(module), name, bool) for module, names in standard for name in names]
    pandas = sys.modules.get("pandas")
    missing = [type(getattr(pandas, name)) for name in ("NA", "NaT") if hasattr(pandas, name)]
    deque = getattr(sys.modules.get("collections"), "deque", list)
    return (
        (_Reader.scalar, [bool, float, complex, type(None), range, *scalars, *missing]),
        (_Reader.integer, [int]),
        (_Reader.text, [str, bytes, bytearray]),
        (_Reader.items, [list, tuple, set, frozenset, deque]),
        (_Reader.entries, [dict]),
    )


def _is_tool(value: Any) -> bool:
    """Whether it is a module, a function, a class or a type annotation: things to use, not data."""
    kind = type(value)
    return any(base is tool for base in _MRO.__get__(kind) for tool in _tools) or _package(kind) == "typing"


def _type_name(kind: Any) -> str:
    """The name, with the package that it comes from unless that is Python's own."""
    package = _package(kind)
    name = str(_NAME.__get__(kind))[:TEXT]
    return name if package in ("builtins", "__main__", "") else package + "." + name


def _package(kind: Any) -> str:
    module: Any = _MODULE.__get__(kind)
    return str(module.partition(".")[0]) if type(module) is str else ""


def _known(dtype: Any) -> bool:
    """Whether a column's type is one of the library's own, and not the user's extension of it."""
    return _package(type(dtype)) in ("numpy", "pandas", "polars")


def _kind(dtype: Any) -> str:
    return str(dtype)[:TEXT] if _known(dtype) else _type_name(type(dtype))


def _size(height: int, width: int) -> str:
    return format(height, ",") + " rows x " + format(width, ",") + " columns"


_tools = [type, type(sys), type(len), type(str.join), type(listing), type(_Reader().describe)]
_tools += [
    getattr(sys.modules.get(module), name, type) for module, name in (("numpy", "ufunc"), ("functools", "partial"))
]
