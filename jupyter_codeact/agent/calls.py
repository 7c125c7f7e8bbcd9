"""Calls of named Python functions, as the formats `json` and `text` ask for them, become cells."""

from __future__ import annotations

import keyword
from collections.abc import Mapping, Sequence

from jupyter_codeact.errors import FormatError


def call_source(language: str, name: str, arguments: Sequence[object], named: Mapping[str, object]) -> str:
    """The code that calls the function; values are JSON's. Raises `FormatError` for what is no name, and where the
    kernel's language is not Python."""
    if language.lower() != "python":
        raise FormatError(f"Functions can be called in Python kernels only, and this is one of {language}.")
    for word in [*name.split("."), *named]:
        if not word.isidentifier() or keyword.iskeyword(word):
            raise FormatError(f"{word!r} is no name of a function or an argument, and nothing was run.")
    parts = [repr(value) for value in arguments] + [f"{word}={value!r}" for word, value in named.items()]
    return f"{name}({', '.join(parts)})"
