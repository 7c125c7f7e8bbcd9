"""F7 to F13: replies that are cut, damaged, no replies, empty, endless, misshapen, or the same again and again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jupyter_codeact.testing import cell
from jupyter_codeact.tests.faults.scene import UNFINISHED, scene
from jupyter_codeact.tests.replies import Fault, Reply, delta, event

PART = event(delta({"content": UNFINISHED}))
END = event(delta({}, "stop"))


@pytest.mark.parametrize(
    "fault",
    [
        Fault("cut", text=UNFINISHED),
        Fault("cut", text=UNFINISHED, framing="close"),
        Reply(UNFINISHED, finish_reason=None),
        Reply(UNFINISHED, finish_reason=None, done=False),
    ],
    ids=["dropped", "closed in order", "no proof of its end", "ended without a word"],
)
async def test_f7_a_reply_that_is_cut_is_voided_asked_for_again_and_never_run(
    tmp_path: Path, fault: Fault | Reply
) -> None:
    async with scene(tmp_path) as played:
        assert (await played.run(fault, cell("x = 1"), "Done.")).reason == "answered"
        assert played.kernel.executed == ["x = 1"]
        assert played.voided == 1
        assert "broke off" in played.waits[0]
        assert UNFINISHED not in played.steps[0].text
        finished = await played.run(fault, fault)
        assert finished.reason == "failed"
        assert f"{played.endpoint.port} broke off: " in finished.detail
        assert "; try again, and check the server's log" in finished.detail
        assert played.kernel.executed == ["x = 1"]


@pytest.mark.parametrize("text", [UNFINISHED, "The answer is"], ids=["a cell", "an answer"])
async def test_f7_a_reply_that_its_length_cut_off_is_rejected_and_never_run(tmp_path: Path, text: str) -> None:
    async with scene(tmp_path) as played:
        finished = await played.run(Reply(text, finish_reason="length"), "Done.")
        assert (finished.reason, finished.answer) == ("answered", "Done.")
        assert played.kernel.executed == []
        assert played.steps[0].problem
        assert played.steps[0].problem in played.last_words()


@pytest.mark.parametrize(
    "body",
    [
        PART + b"data: {broken\n\n" + END,
        PART + event(delta({"content": "x"}))[:30],
        PART + b"data: [1, 2\n\n",
        event({"choices": []}) + PART + event({"error": {"message": "GPU lost", "code": 500}}),
    ],
    ids=["damaged piece", "torn piece", "no JSON", "an error in the stream"],
)
async def test_f8_a_damaged_stream_is_asked_for_again_and_never_run(tmp_path: Path, body: bytes) -> None:
    async with scene(tmp_path) as played:
        assert (await played.run(Fault("raw", body=body), cell("x = 1"), "Done.")).reason == "answered"
        assert (played.kernel.executed, played.voided) == (["x = 1"], 1)


async def test_f8_odd_pieces_and_odd_characters_are_tolerated(tmp_path: Path) -> None:
    odd: tuple[Any, ...] = (
        {"choices": []},
        {"choices": None},
        {"choices": [{"delta": {"content": 5}}]},
        None,
        {"usage": "many"},
    )
    source = "s = 'é 😀 \x00 \u202e'"
    damaged = event(delta({"content": "a?b \ud800"})).replace(b"?", b"\xff") + END
    async with scene(tmp_path) as played:
        finished = await played.run(Reply(cell(source), events=odd, chunk_bytes=3), Fault("raw", body=damaged))
        assert (finished.reason, played.waits) == ("answered", [])
        assert played.kernel.executed == [source]
        assert finished.answer.startswith("a\ufffdb \ufffd")


@pytest.mark.parametrize(
    ("body", "kind", "words"),
    [
        ("<!DOCTYPE html><p>Log in", "text/html", "endpoint did not stream: text/html"),
        ("", "application/json", "endpoint did not stream: an empty body"),
        ('{"detail": "hi"}', "application/json", "endpoint did not stream: JSON that is no chat completion"),
    ],
    ids=["html", "empty body", "other JSON"],
)
async def test_f9_what_is_no_endpoint_is_named(tmp_path: Path, body: str, kind: str, words: str) -> None:
    async with scene(tmp_path) as played:
        finished = await played.run(Fault("raw", body=body, headers={"Content-Type": kind}))
        assert finished.reason == "failed"
        assert finished.detail.startswith(words)
        assert finished.detail.endswith("is the base URL right? It usually ends in /v1")


async def test_f9_a_completion_that_is_not_streamed_is_used(tmp_path: Path) -> None:
    body = json.dumps(Reply(cell("x = 1")).completion())
    async with scene(tmp_path) as played:
        whole = Fault("raw", body=body, headers={"Content-Type": "application/json"})
        assert (await played.run(whole, "Done.")).reason == "answered"
        assert played.kernel.executed == ["x = 1"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (Reply(""), "the model gave an empty reply 2 times in a row"),
        (Reply(" \n\t"), "the model gave an empty reply 2 times in a row"),
        (Reply("", reasoning="Hm."), "the model gave reasoning but no reply 2 times in a row"),
    ],
    ids=["empty", "white space", "only reasoning"],
)
async def test_f10_an_empty_reply_is_nudged_once_then_the_run_ends_with_that_reason(
    tmp_path: Path, reply: Reply, words: str
) -> None:
    async with scene(tmp_path) as played:
        assert (await played.run(reply, "Done.")).reason == "answered"
        assert "Your reply was empty" in played.last_words()
        finished = await played.run(reply, reply, "never")
        assert finished.reason == "failed"
        assert finished.detail.startswith(words)
        assert len(played.endpoint.requests) == 2


async def test_f11_an_endless_reply_is_cut_at_the_cap_and_its_connection_closed(tmp_path: Path) -> None:
    async with scene(tmp_path, max_reply_bytes=1_000_000) as played:
        finished = await played.run(Fault("endless", text=UNFINISHED))
        assert finished.reason == "failed"
        assert "passed 1 MB and was cut off; ask for less or use another model" in finished.detail
        await played.endpoint.requests[0].disconnected.wait()
        assert played.kernel.executed == []
        assert played.journal.path.stat().st_size < 10_000


@pytest.mark.parametrize(
    ("reply", "ran"),
    [
        (UNFINISHED, []),
        (cell("x = 1") + cell("x = 2"), ["x = 1"]),
        ("````python\ns = '''\n```python\nx\n```\n'''\n````\n", ["s = '''\n```python\nx\n```\n'''"]),
        ("Look:\n\n```json\n{}\n```\n\n" + cell("x = 1"), ["x = 1"]),
        ("Run this in a shell:\n\n```bash\nrm -rf /\n```\n", []),
    ],
    ids=["never closed", "two", "nested", "another language before", "another language"],
)
async def test_f12_of_odd_fences_only_the_first_whole_one_in_the_kernels_language_runs(
    tmp_path: Path, reply: str, ran: list[str]
) -> None:
    async with scene(tmp_path) as played:
        assert (await played.run(reply, "Done.")).reason == "answered"
        assert played.kernel.executed == ran


async def test_f13_the_same_cell_again_and_again_is_stopped_with_the_diagnosis(tmp_path: Path) -> None:
    async with scene(tmp_path) as played:
        finished = await played.run(*[cell("1 / 0")] * 9)
        assert finished.reason == "failed"
        assert finished.detail.startswith(
            "the model ran the same cell with the same result again, although it was told"
        )
        assert len(played.kernel.executed) == 4
        assert played.kinds.count("model_nudged") == 1
