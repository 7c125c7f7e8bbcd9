"""Notebook files that follow a journal, on a real disk."""

from __future__ import annotations

import asyncio
import json
import stat
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest

from jupyter_codeact.documents.file_document import FileDocument, as_text
from jupyter_codeact.errors import DocumentError
from jupyter_codeact.events import CellFinished, CellSubmitted, RunFinished
from jupyter_codeact.journal.fold import fold
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.tests.documents.test_project import conversation, notebook

KERNEL = {"name": "python3", "display_name": "Python 3"}


def read(path: Path) -> Any:
    document = nbformat.read(path, as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    nbformat.validate(document)
    return document


def write(path: Path, document: dict[str, Any]) -> None:
    path.write_text(json.dumps(document), "utf-8")


def test_a_missing_notebook_is_made_for_its_kernel(tmp_path: Path) -> None:
    path = tmp_path / "new.ipynb"
    FileDocument(path).open(KERNEL)
    document = read(path)
    assert document.metadata.kernelspec == {**KERNEL, "language": "python"}
    assert (document.nbformat, document.nbformat_minor, document.cells) == (4, 5, [])
    assert list(tmp_path.iterdir()) == [path]


def test_an_empty_file_is_a_new_notebook_and_a_named_kernel_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "empty.ipynb"
    path.touch()
    FileDocument(path).open(KERNEL)
    stamp = path.stat().st_mtime_ns
    assert FileDocument(path).open({"name": "ir", "display_name": "R"}).metadata.kernelspec.name == "python3"
    assert path.stat().st_mtime_ns == stamp


def test_cells_without_ids_get_them_once(tmp_path: Path) -> None:
    path = tmp_path / "old.ipynb"
    old = notebook("a", "b")
    old["nbformat_minor"] = 4
    for cell in old["cells"]:
        del cell["id"]
    write(path, old)
    first = [cell.id for cell in FileDocument(path).open().cells]
    assert len(set(first)) == 2
    assert [cell.id for cell in FileDocument(path).open().cells] == first == [cell.id for cell in read(path).cells]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n", "not JSON"),
        (b'{"cells": [', "not JSON"),
        (b"[1, 2]", "without an nbformat number"),
        (b'{"a": 1}', "without an nbformat number"),
        (b'{"nbformat": 5, "nbformat_minor": 0, "metadata": {}, "cells": []}', "newer than 4"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "damaged"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [1]}', "damaged"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": [], "cells": []}', "damaged"),
        (b'{"nbformat": 4, "nbformat_minor": "x", "metadata": {}, "cells": []}', "damaged"),
        (b'{"nbformat": 3, "metadata": {}, "worksheets": 5}', "damaged"),
        (b"[" * 100_000, "not JSON"),
    ],
)
def test_what_is_no_notebook_is_refused_in_one_line_and_left_as_it_is(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "bad.ipynb"
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=reason) as caught:
        FileDocument(path).open()
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


def test_a_folder_that_does_not_exist_and_a_folder_itself_are_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="No such file or directory"):
        FileDocument(tmp_path / "nowhere" / "a.ipynb").open(KERNEL)
    with pytest.raises(DocumentError, match="Is a directory"):
        FileDocument(tmp_path).open(KERNEL)


def test_saving_writes_only_news_and_keeps_mode_link_and_unicode(tmp_path: Path) -> None:
    target, link = tmp_path / "target.ipynb", tmp_path / "link.ipynb"
    write(target, notebook("first"))
    target.chmod(0o640)
    link.symlink_to(target)
    state = fold(conversation(("a", "first")))
    state.cells["a"].outputs[0]["text"] = "\u00e9 \U0001f469\u200d\U0001f52c \x00 \ud800 </script>"
    document = FileDocument(link)
    assert document.save(state)
    assert not document.save(state)
    assert not FileDocument(link).save(state)
    assert link.is_symlink()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert "\u00e9".encode() in target.read_bytes()
    assert json.loads(target.read_bytes())["cells"][1]["outputs"][0]["text"] == [state.cells["a"].outputs[0]["text"]]
    assert sorted(tmp_path.iterdir()) == [link, target]


def test_a_notebook_is_written_as_nbformat_writes_it() -> None:
    document = notebook("first")
    document["metadata"] = {"signature": "old", "kernelspec": KERNEL}
    document["cells"][0]["metadata"] = {"trusted": True, "tags": ["z", "a"]}
    document["cells"][0]["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": "a\r\nb\n"},
        {
            "output_type": "display_data",
            "metadata": {},
            "data": {"text/plain": "x\ny", "application/json": {"b": "1\n2"}},
        },
        {"output_type": "error", "ename": "E", "evalue": "\u00e9", "traceback": ["one\ntwo"]},
    ]
    picture = {"plot.png": {"image/png": "aGk=\naGk="}}
    note = {"cell_type": "markdown", "id": "m", "metadata": {}, "source": "# A\nB", "attachments": picture}
    document["cells"] += [note, {"cell_type": "raw", "id": "r", "metadata": {}, "source": ""}]
    made = nbformat.from_dict(document)  # type: ignore[no-untyped-call]
    assert as_text(made) == nbformat.writes(made, version=nbformat.NO_CONVERT) + "\n"  # type: ignore[no-untyped-call]
    assert made == document


def test_what_the_user_saved_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "shared.ipynb"
    write(path, notebook("first"))
    events = conversation(("a", "first"), ("b", "a"))
    document = FileDocument(path)
    document.save(fold(events[:6]))
    theirs = json.loads(path.read_bytes())
    theirs["cells"].append(notebook("later")["cells"][0])
    theirs["cells"][1]["source"] = "edited"
    write(path, theirs)
    document.save(fold(events))
    assert [(cell.id, cell.source) for cell in read(path).cells] == [
        ("first", "first"),
        ("a", "edited"),
        ("b", "print('b')"),
        ("later", "later"),
    ]


def test_a_notebook_deleted_in_mid_run_is_written_again_whole(tmp_path: Path) -> None:
    path = tmp_path / "gone.ipynb"
    write(path, notebook("first"))
    events = conversation(("a", "first"), ("b", "a"))
    document = FileDocument(path)
    document.save(fold(events[:6]))
    path.unlink()
    document.save(fold(events))
    assert [cell.id for cell in read(path).cells] == ["first", "a", "b"]


async def test_following_saves_after_every_cell_and_ends_with_the_run(tmp_path: Path) -> None:
    path = tmp_path / "followed.ipynb"
    write(path, notebook("first"))
    journal = MemoryJournal()
    following = asyncio.create_task(FileDocument(path).follow(journal))
    counts = []
    for event in conversation(("a", "first"), ("b", "a")):
        stored = await journal.append(event)
        if isinstance(stored, CellFinished):
            await asyncio.wait_for(asyncio.to_thread(wait_for_cell, path, stored.cell_id), 10)
            counts.append(len(read(path).cells))
        if isinstance(stored, CellSubmitted | RunFinished):
            assert not following.done()
    await asyncio.wait_for(following, 10)
    assert counts == [2, 3]
    assert read(path).metadata.jupyter_codeact.conversations == {"talk": len(journal.events)}


def wait_for_cell(path: Path, cell_id: str) -> None:
    deadline = time.monotonic() + 10
    while cell_id not in [cell.id for cell in read(path).cells] and time.monotonic() < deadline:
        time.sleep(0.005)


async def test_following_ends_with_a_closed_journal_and_says_when_it_cannot_write(tmp_path: Path) -> None:
    journal = MemoryJournal()
    journal.close()
    await FileDocument(tmp_path / "unused.ipynb").follow(journal)
    other = MemoryJournal()
    for event in conversation(("a", None)):
        await other.append(event)
    with pytest.raises(DocumentError, match="Cannot write"):
        await FileDocument(tmp_path / "nowhere" / "a.ipynb").follow(other)
