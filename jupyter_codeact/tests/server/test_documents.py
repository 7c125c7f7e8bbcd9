"""Who writes the notebook, and what is in it: the same tests without real-time collaboration and with it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from tornado.httpclient import HTTPClientError

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.aftermath import assert_in_words
from jupyter_codeact.tests.endpoint import Endpoint

from .conftest import Client

COLLABORATES = find_spec("jupyter_server_ydoc") is not None
WRITER = "server" if COLLABORATES else "browser"
shared = pytest.mark.skipif(not COLLABORATES, reason="without jupyter-collaboration, nothing is shared")

GATE = "import os, time\nwhile not os.path.exists('{0}'): time.sleep(0.01)\n"
OWN: dict[str, Any] = {
    "cell_type": "code",
    "id": "own",
    "metadata": {},
    "source": "own",
    "outputs": [],
    "execution_count": None,
}
EMPTY = {"cells": [OWN], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def jp_server_config(
    jp_server_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> dict[str, Any]:
    """Collaboration is on where it is installed; the store that it makes where it stands is the test's own."""
    monkeypatch.chdir(tmp_path)
    extensions = {"jupyter_codeact": True}
    if COLLABORATES:
        extensions |= {"jupyter_server_ydoc": True, "jupyter_server_fileid": True}
    return {
        **jp_server_config,
        "ServerApp": {"jpserver_extensions": extensions},
        "YDocExtension": {"document_save_delay": 0.1},
    }


Cells: TypeAlias = "list[dict[str, Any]]"


class Notebook:
    """The notebook of a test: its file, and what the pages that have it open share."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def write(self, notebook: dict[str, Any] = EMPTY) -> None:
        """The file is there."""
        body = json.dumps({"type": "notebook", "content": notebook})
        await self.client.fetch("api", "contents", self.client.path, method="PUT", body=body)

    async def saved(self) -> Cells:
        """The cells of the file; none while it is being written."""
        try:
            answer = await self.client.fetch("api", "contents", self.client.path)
        except HTTPClientError:
            return []
        cells: Cells = json.loads(answer.body)["content"]["cells"]
        return cells

    async def pages(self) -> Any:
        """The `YNotebook` that pages have now; the first page has just opened it, where none had."""
        extension = self.client.server.web_app.settings["jupyter_server_ydoc"]
        return await extension.get_document(
            path=self.client.path, content_type="notebook", file_format="json", copy=False, create=True
        )

    async def shows(self, is_so: Callable[[Cells], bool]) -> Cells:
        """The cells on the pages, as soon as `is_so`."""
        return await _once(self._shown, is_so)

    async def holds(self, is_so: Callable[[Cells], bool]) -> Cells:
        """The cells of the file, as soon as `is_so`."""
        return await _once(self.saved, is_so)

    async def _shown(self) -> Cells:
        document = await self.pages()
        return [ycell.to_py() for ycell in document.ycells]

    async def forget(self) -> None:
        """All pages are closed for a minute: collaboration drops the shared model."""
        extension = self.client.server.web_app.settings["jupyter_server_ydoc"]
        server = extension.ywebsocket_server
        for name, room in list(server.rooms.items()):
            if name.startswith("json:notebook:"):
                await server.delete_room(room=room)


async def _once(read: Callable[[], Awaitable[Cells]], is_so: Callable[[Cells], bool]) -> Cells:
    found: Cells = []
    for _ in range(600):
        found = await read()
        if found and is_so(found):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"this never came to be; at last: {found}")


@pytest.fixture
async def notebook(client: Client) -> Notebook:
    """A notebook with one cell of the user's."""
    notebook = Notebook(client)
    await notebook.write()
    return notebook


def texts(cells: Cells) -> list[str]:
    """What each cell printed."""
    return ["".join(output.get("text", "") for output in cell["outputs"]) for cell in cells]


async def test_the_status_says_who_writes_the_notebook(client: Client) -> None:
    assert (await client.call("GET", "status"))["document_writer"] == WRITER


async def test_a_page_is_given_the_notebook_to_write_only_where_the_server_does_not(client: Client) -> None:
    sockets = [await client.follow(client=name) for name in ("one", "two")]
    notices = [json.loads(await socket.read_message()) for socket in sockets]
    holder = "" if COLLABORATES else "one"
    assert [(notice["kind"], notice["client"]) for notice in notices] == [("lease", holder)] * 2
    for socket in sockets:
        socket.close()


@pytest.mark.skipif(COLLABORATES, reason="the server writes")
async def test_the_page_that_writes_hands_over(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script(["Hello."])
    first, second = [await client.follow(client=name) for name in ("one", "two")]
    await client.send("Hi", client="two")
    assert await holder_is("two", first)
    second.close()
    assert await holder_is("one", first)
    first.close()


async def holder_is(client: str, socket: Any) -> bool:
    """As soon as the page `client` is the one that writes."""
    while True:
        frame = json.loads(await socket.read_message())
        if frame["kind"] == "lease" and frame["client"] == client:
            return True


async def test_a_run_without_a_page_is_in_the_file_where_the_server_writes(
    client: Client, notebook: Notebook, endpoint: Endpoint
) -> None:
    endpoint.set_script([cell("print('one'); print('two')"), cell("6 * 7"), "Done."])
    await client.send("Go", client="page", notebook={"path": client.path, "cells": [], "active_cell_id": "own"})
    await client.until("run_finished")
    if not COLLABORATES:
        assert [found["id"] for found in await notebook.saved()] == ["own"]
        return
    cells = await notebook.holds(lambda cells: bool(cells[-1]["outputs"]) and cells[-1]["source"] == "6 * 7")
    assert [found["id"] for found in cells] == ["own", *(await client.state())["cells"]]
    assert [found["execution_count"] for found in cells] == [None, 1, 2]
    assert texts(cells)[1] == "one\ntwo\n"
    assert cells[2]["outputs"][0]["data"]["text/plain"] == "42"
    assert set(cells[1]["metadata"]) == {"jupyter_codeact", "execution"} | ({"trusted"} & set(cells[1]["metadata"]))


@shared
async def test_outputs_appear_while_the_cell_runs(client: Client, notebook: Notebook, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("print('one', flush=True)\n" + GATE.format("go") + "print('two')"), "Done."])
    await client.send("Go")
    cells = await notebook.shows(lambda cells: texts(cells)[-1] == "one\n")
    assert cells[-1]["execution_state"] == "running"
    (client.root / "go").touch()
    cells = await notebook.shows(lambda cells: texts(cells)[-1] == "one\ntwo\n")
    await client.until("run_finished")
    await notebook.shows(lambda cells: cells[-1]["execution_state"] == "idle")


@shared
async def test_what_the_user_did_to_cells_stays(client: Client, notebook: Notebook, endpoint: Endpoint) -> None:
    gates = ["print('deleted')", "print('edited')", GATE.format("go") + "print('last')"]
    endpoint.set_script([*(cell(source) for source in gates), "Done."])
    await client.send("Go")
    await notebook.shows(lambda cells: len(cells) == 4 and cells[-1]["execution_state"] == "running")
    document = await notebook.pages()
    del document.ycells[1]
    text = document.ycells[1]["source"]
    text += "  # mine"
    (client.root / "go").touch()
    await client.until("run_finished")
    cells = await notebook.holds(lambda cells: texts(cells)[-1] == "last\n")
    assert [found["source"] for found in cells] == ["own", "print('edited')  # mine", gates[2]]


@shared
async def test_a_shared_model_that_was_dropped_in_mid_run_loses_nothing(
    client: Client, notebook: Notebook, endpoint: Endpoint
) -> None:
    """K6."""
    endpoint.set_script([cell("print('one')"), cell(GATE.format("go") + "print('two')"), "Done."])
    await client.send("Go")
    await notebook.shows(lambda cells: cells[-1].get("execution_state") == "running" and len(cells) == 3)
    await notebook.holds(lambda cells: len(cells) == 3)
    await notebook.forget()
    (client.root / "go").touch()
    await client.until("run_finished")
    cells = await notebook.holds(lambda cells: texts(cells)[-1] == "two\n")
    assert texts(cells) == ["", "one\n", "two\n"]


@shared
async def test_a_proposed_cell_waits_in_the_notebook_and_runs_as_it_was_edited_there(
    client: Client, notebook: Notebook, endpoint: Endpoint
) -> None:
    client.settings().approval = "ask"
    endpoint.set_script([cell("print('offered')"), cell("print('unwanted')"), "Done."])
    await client.send("Go")
    cells = await notebook.shows(lambda cells: len(cells) == 2)
    assert cells[1]["metadata"]["jupyter_codeact"]["proposed"] is True
    assert cells[1]["metadata"]["trusted"] is True
    document = await notebook.pages()
    text = document.ycells[1]["source"]
    text += "\nprint('edited')"
    await client.command("decisions", decision_id="a", step=1, decision="edit", source=str(text))
    cells = await notebook.shows(lambda cells: len(cells) == 3)
    assert texts(cells) == ["", "offered\nedited\n", ""]
    assert "proposed" not in cells[1]["metadata"]["jupyter_codeact"]
    await client.command("decisions", decision_id="b", step=2, decision="reject", note="No.")
    await client.until("run_finished")
    await notebook.holds(lambda cells: texts(cells) == ["", "offered\nedited\n"])


@shared
async def test_a_proposed_cell_that_was_edited_in_the_panel_holds_what_ran(
    client: Client, notebook: Notebook, endpoint: Endpoint
) -> None:
    client.settings().approval = "ask"
    endpoint.set_script([cell("print('offered')"), "Done."])
    await client.send("Go")
    await notebook.shows(lambda cells: len(cells) == 2)
    await client.command("decisions", decision_id="a", step=1, decision="edit", source="print('panel')")
    await client.until("run_finished")
    cells = await notebook.holds(lambda cells: texts(cells) == ["", "panel\n"])
    assert cells[1]["source"] == "print('panel')"


@shared
async def test_a_notebook_that_was_renamed_in_mid_run_is_written_where_it_is(
    client: Client, notebook: Notebook, endpoint: Endpoint
) -> None:
    endpoint.set_script([cell(GATE.format("go") + "print('late')"), "Done."])
    await client.send("Go")
    await notebook.holds(lambda cells: len(cells) == 2)
    await client.fetch("api", "contents", client.path, method="PATCH", body=json.dumps({"path": "renamed.ipynb"}))
    client.path = "renamed.ipynb"
    (client.root / "go").touch()
    await client.until("run_finished")
    await notebook.holds(lambda cells: texts(cells) == ["", "late\n"])


@shared
async def test_a_notebook_that_could_not_be_written_catches_up_when_a_page_looks(
    client: Client, endpoint: Endpoint
) -> None:
    """And the run does not mind."""
    endpoint.set_script([cell("print('one')"), "Done."])
    await client.send("Go")
    assert (await client.until("run_finished"))[-1]["reason"] == "answered"
    assert_in_words((await client.until("unwritten"))[-1]["detail"])
    notebook = Notebook(client)
    await notebook.write()
    socket = await client.follow(client="page")
    await notebook.holds(lambda cells: texts(cells) == ["", "one\n"])
    while "unwritten" not in (frame := json.loads(await socket.read_message()))["kind"] or frame["detail"]:
        pass  # until it is said that the cells are there
    socket.close()


@shared
async def test_a_notebook_that_is_deleted_in_mid_run_is_told_and_its_cells_can_be_saved(
    client: Client, notebook: Notebook, endpoint: Endpoint
) -> None:
    endpoint.set_script([cell(GATE.format("go") + "print('late')"), "Done."])
    await client.send("Go")
    await notebook.holds(lambda cells: len(cells) == 2)
    await notebook.forget()
    await client.fetch("api", "contents", client.path, method="DELETE")
    (client.root / "go").touch()
    frames = await client.until("unwritten")
    assert frames[-1]["detail"] == "The notebook is gone: it was deleted, or moved outside of Jupyter."
    assert (await client.until("run_finished"))[-1]["reason"] == "answered"
    answer = await client.fetch(
        "jupyter-codeact", "conversations", client.conversation_id, "export", params={"format": "ipynb"}
    )
    made = [found for found in json.loads(answer.body)["cells"] if found["cell_type"] == "code"]
    assert [found["outputs"][0]["text"] for found in made] == [["late\n"]]
    assert not (client.root / client.path).exists()
