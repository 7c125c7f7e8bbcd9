"""The shared model of a notebook, seen as the JSON that `project` and `settle` work on.

What is assigned here changes the shared model, and only in what differs: every page that has the notebook open is sent
each change, and the user may be typing in the cell beside.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import Any

from pycrdt import Array, Map, Text

from jupyter_codeact.documents.document import Json

_MINOR_WITH_IDS = 5


def shared_notebook(document: Any) -> Json:
    """`document`, a `YNotebook`, as far as projecting needs it: its `metadata` and `cells`.

    Use it within one transaction of `document.ydoc`, and not after it: cells are looked up once.
    """
    meta = document.ydoc.get("meta", type=Map)
    if meta.get("metadata") is None:
        meta["metadata"] = Map({})
    return {"metadata": SharedMap(meta["metadata"]), "cells": SharedCells(document, meta)}


class SharedMap(MutableMapping[str, Any]):
    """A shared map; values are plain JSON."""

    def __init__(self, shared: Any) -> None:
        self.shared = shared

    def __getitem__(self, key: str) -> Any:
        value = self.shared[key]
        return value.to_py() if isinstance(value, (Array, Map)) else value

    def __setitem__(self, key: str, value: Any) -> None:
        self.shared[key] = value

    def __delitem__(self, key: str) -> None:
        del self.shared[key]

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.shared.keys()))

    def __len__(self) -> int:
        return len(self.shared)


class SharedCell(SharedMap):
    """A shared cell; `source`, `metadata` and `outputs` are changed in place."""

    def __getitem__(self, key: str) -> Any:
        value = self.shared[key]
        if isinstance(value, Text):
            return str(value)
        return SharedMap(value) if isinstance(value, Map) else super().__getitem__(key)

    def __setitem__(self, key: str, value: Any) -> None:
        present = self.shared.get(key)
        if key == "outputs" and isinstance(present, Array):
            write_outputs(present, joined(value))
        elif key == "source" and isinstance(present, Text):
            present.clear()
            present += value
        elif present != value:
            super().__setitem__(key, value)


class SharedCells(list[SharedCell]):
    """The cells in order; what is inserted or removed here is so in the shared model too."""

    def __init__(self, document: Any, meta: Any) -> None:
        self._document = document
        self._meta = meta
        super().__init__(SharedCell(cell) for cell in document.ycells)

    def insert(self, index: Any, cell: Any) -> None:
        """`cell`, plain JSON, is at `index`; the file keeps the ids of its cells from now on."""
        if (self._meta.get("nbformat_minor") or 0) < _MINOR_WITH_IDS:
            self._meta["nbformat_minor"] = _MINOR_WITH_IDS
        self._document.ycells.insert(int(index), self._document.create_ycell(cell))
        super().insert(index, SharedCell(self._document.ycells[int(index)]))

    def remove(self, cell: SharedCell) -> None:
        """`cell` is gone."""
        index = next(number for number, known in enumerate(self) if known is cell)
        del self._document.ycells[index]
        del self[index]


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`outputs` with neighbouring streams of one name as one, as JupyterLab's pages keep them: indexes agree."""
    result: list[dict[str, Any]] = []
    for output in outputs:
        last = result[-1] if result else {}
        if output.get("output_type") == "stream" and last.get("name") == output["name"]:
            result[-1] = {**last, "text": last["text"] + output["text"]}
        else:
            result.append(output)
    return result


def write_outputs(shared: Any, outputs: list[dict[str, Any]]) -> None:
    """The shared array holds `outputs`; a stream that grew is added to, and what is the same is not touched."""
    present = shared.to_py()
    for index, (before, now) in enumerate(zip(present, outputs, strict=False)):
        if before == now:
            continue
        text = shared[index].get("text") if isinstance(shared[index], Map) else None
        grown = isinstance(text, Text) and {**before, "text": now.get("text")} == now
        if grown and now["text"].startswith(before["text"]):
            text += now["text"][len(before["text"]) :]
        else:
            shared[index] = _shared_output(now)
    if len(present) > len(outputs):
        del shared[len(outputs) :]
    shared.extend([_shared_output(output) for output in outputs[len(present) :]])


def _shared_output(output: dict[str, Any]) -> Any:
    """As the pages make it: the text of a stream can grow."""
    if output.get("output_type") == "stream":
        return Map({**output, "text": Text(output["text"])})
    return Map(output)
