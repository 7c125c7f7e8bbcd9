"""The content of a kernel's message -> an nbformat 4 output that is valid, bounded and safe to write as UTF-8."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

Output: TypeAlias = dict[str, Any]

OUTPUT_CHARACTERS = 10_000_000
"""Most characters of one output that is not stream text."""

_KEPT_OF_AN_ERROR = 10_000
_JSON_MIME = re.compile(r"application/(.*\+)?json$", re.IGNORECASE)


def safe_text(text: str) -> str:
    """`text`, with lone surrogates, which UTF-8 cannot hold, visibly escaped."""
    if text.isascii():
        return text
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def stream_output(name: str, text: str) -> Output:
    """`text`, already safe, as stream `name`."""
    return {"output_type": "stream", "name": name, "text": text}


def result_output(content: Mapping[str, Any]) -> Output:
    """The output of an `execute_result` message."""
    output = display_output(content)
    count = content.get("execution_count")
    return output | {
        "output_type": "execute_result",
        "execution_count": count if isinstance(count, int) else None,
    }


def display_output(content: Mapping[str, Any]) -> Output:
    """The output of a `display_data` message; its `transient` part is left out.

    Over `OUTPUT_CHARACTERS`, its largest representations make way for a line of text.
    """
    bundle = _mapping(content.get("data"))
    data = {safe_text(str(mime)): _representation(mime, value) for mime, value in bundle.items()}
    return {
        "output_type": "display_data",
        "data": _within_bound(data),
        "metadata": _safe(_mapping(content.get("metadata"))),
    }


def error_output(content: Mapping[str, Any]) -> Output:
    """The output of an `error` message."""
    evalue = safe_text(str(content.get("evalue", "")))
    lines = content.get("traceback")
    traceback = [safe_text(str(line)) for line in lines] if isinstance(lines, list) else []
    size = len(evalue) + sum(map(len, traceback))
    if size > OUTPUT_CHARACTERS:
        evalue = evalue[:_KEPT_OF_AN_ERROR]
        traceback = [f"[traceback left out: {size:,} characters]"]
    ename = safe_text(str(content.get("ename", "")))
    return {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": traceback}


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _representation(mime: str, value: Any) -> Any:
    """`value` in a form that nbformat allows for `mime`: text, or any JSON for a JSON type."""
    if isinstance(value, str) or _JSON_MIME.match(mime):
        return _safe(value)
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return safe_text("".join(value))
    return json.dumps(_safe(value), ensure_ascii=False)


def _safe(value: Any) -> Any:
    """`value` as strict JSON: safe text, and null for the numbers that JSON does not have."""
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, Mapping):
        return {safe_text(str(key)): _safe(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_safe(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _within_bound(data: dict[str, Any]) -> dict[str, Any]:
    sizes = {mime: _size(value) for mime, value in data.items()}
    notes = []
    for mime in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if sum(sizes.values()) <= OUTPUT_CHARACTERS:
            break
        notes.append(f"[{mime} left out: {sizes.pop(mime):,} characters]")
    if not notes:
        return data
    kept = {mime: data[mime] for mime in sizes}
    return kept | {"text/plain": "\n".join([*([kept["text/plain"]] if "text/plain" in kept else []), *notes])}


def _size(value: Any) -> int:
    """About as many characters as `value` has as JSON."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(key) + _size(item) + 6 for key, item in value.items())
    if isinstance(value, list):
        return sum(_size(item) + 2 for item in value)
    return 8
