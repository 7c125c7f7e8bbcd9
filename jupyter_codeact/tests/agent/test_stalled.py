"""Runs that go nowhere: the model is told once, then the run ends and says why."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Sequence
from itertools import count

import pytest

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.events import Limits, ModelNudged, RunFinished, RunStarted
from jupyter_codeact.journal.journal import Journal, MemoryJournal
from jupyter_codeact.kernels.environment import Execution, ExecutionDone, OutputOp
from jupyter_codeact.models.model import NO_OPTIONS, Chunk, Delta, Message, Options, ReplyEnd
from jupyter_codeact.testing import FakeEnvironment, ScriptedModel, begin_run, cell, stream


def error(ename: str, evalue: str) -> list[Execution]:
    output = {"output_type": "error", "ename": ename, "evalue": evalue, "traceback": [f"{ename}: {evalue}"]}
    return [OutputOp("append", 0, output), ExecutionDone("error", 1)]


async def run(
    replies: Sequence[str], *results: Iterable[Execution]
) -> tuple[RunFinished, MemoryJournal, ScriptedModel]:
    """A run whose cells give `results`, one after the other, then nothing."""
    coming = iter(results)
    journal, model = MemoryJournal(), ScriptedModel(replies)
    await begin_run(journal, "Go", RunStarted(run_id="r", model="m", approval="auto", limits=Limits(steps=99)))
    return await Agent(journal, model, FakeEnvironment(lambda _: next(coming, ()))).run(), journal, model


def nudges(journal: Journal) -> list[int]:
    """The steps after which the model was told."""
    return [event.step for event in journal.events if isinstance(event, ModelNudged)]


async def test_the_same_cell_with_the_same_result_three_times_is_told_and_once_more_ends_the_run() -> None:
    finished, journal, model = await run([cell("df")] * 4, *[[stream("a")]] * 4)
    assert nudges(journal) == [3]
    assert "You ran this cell 3 times now, each time with the same result" in str(model.requests[3][-1]["content"])
    assert finished.reason == "failed"
    assert finished.detail.startswith("the model ran the same cell with the same result again, although it was told; ")
    assert len(model.requests) == 4


async def test_a_model_that_listens_goes_on() -> None:
    finished, journal, _ = await run([*[cell("df")] * 3, cell("df.x"), "Done."], *[[stream("a")]] * 3)
    assert (finished.reason, nudges(journal)) == ("answered", [3])


async def test_going_to_and_fro_is_a_circle() -> None:
    finished, journal, _ = await run([cell("a"), cell("b")] * 4, *[[stream("a")], [stream("b")]] * 4)
    assert nudges(journal) == [5, 6]
    assert finished.reason == "failed"
    assert len(journal.state.steps) == 7


async def test_a_cell_repeated_between_new_ones_is_no_circle() -> None:
    steps = [step for number in range(5) for step in (cell("reload(m)"), cell(f"m.try_({number})"))]
    results: list[Iterable[Execution]] = [
        [stream("<module 'm' at 0x7f00>" if number % 2 == 0 else f"{number}")] for number in range(10)
    ]
    finished, journal, _ = await run([*steps, "Done."], *results)
    assert (finished.reason, nudges(journal)) == ("answered", [])


@pytest.mark.parametrize("results", [["1", "2", "3", "4"], ["a", "a", "b", "a"]])
async def test_the_same_cell_with_other_results_goes_on(results: list[str]) -> None:
    replies = [*[cell("poll()")] * 4, "Done."]
    finished, journal, _ = await run(replies, *[[stream(result)] for result in results])
    assert finished.reason == "answered"
    assert len(nudges(journal)) == (1 if results.count("a") == 3 else 0)


async def test_addresses_and_counts_do_not_make_a_result_another() -> None:
    numbers = count(1)

    def plot() -> list[Execution]:
        number = next(numbers)
        data = {"text/plain": f"<Axes at 0x{number:x}>"}
        output = {"output_type": "execute_result", "execution_count": number, "data": data, "metadata": {}}
        return [OutputOp("append", 0, output), ExecutionDone("ok", number, number / 10)]

    _, journal, _ = await run([*[cell("plot()")] * 3, "Done."], *(plot() for _ in range(3)))
    assert nudges(journal) == [3]


async def test_three_errors_of_a_kind_are_told_and_a_fourth_ends_the_run() -> None:
    results = [error("KeyError", f"'column {number}'") for number in range(4)]
    finished, journal, model = await run([cell(f"df[{number}]") for number in range(4)], *results)
    assert nudges(journal) == [3]
    assert "failed with the same kind of error (KeyError: 'column 2')" in str(model.requests[3][-1]["content"])
    assert finished.reason == "failed"
    assert finished.detail.startswith(
        "4 cells in a row failed alike (KeyError: 'column 3'), although the model was told"
    )


async def test_another_error_or_a_success_between_them_starts_the_count_anew() -> None:
    key, name = error("KeyError", "'a'"), error("NameError", "name 'a' is not defined")
    replies = [cell(f"{number}") for number in range(8)]
    finished, journal, _ = await run([*replies, "Done."], key, key, name, key, key, [], key, key)
    assert (finished.reason, nudges(journal)) == ("answered", [])


async def test_interrupts_are_no_errors() -> None:
    timeout: list[Execution] = [ExecutionDone("interrupted", 1, 9.0, ("the cell was interrupted after 9 s",))]
    interrupted = error("KeyboardInterrupt", "")
    results = [timeout, timeout, timeout, interrupted, interrupted, interrupted]
    finished, journal, _ = await run([*[cell(f"{number}") for number in range(6)], "Done."], *results)
    assert (finished.reason, nudges(journal)) == ("answered", [])


async def test_a_new_run_begins_anew() -> None:
    _, journal, _ = await run([cell("df")] * 4, *[[stream("a")]] * 4)
    await journal.append(RunStarted(run_id="again", model="m", approval="auto"))
    environment = FakeEnvironment(lambda _: [stream("a")])
    assert (await Agent(journal, ScriptedModel([cell("df"), "Done."]), environment).run()).reason == "answered"


@pytest.mark.parametrize("empty", ["", " \n\t ", "<think>\nhm\n</think>\n"])
async def test_an_empty_reply_is_no_answer_it_is_asked_once_more_and_then_the_run_ends(empty: str) -> None:
    finished, journal, model = await run([empty, empty, empty, "never"])
    assert finished.reason == "failed"
    assert journal.state.steps[0].problem.startswith("Your reply was empty")
    assert "Your reply was empty" in str(model.requests[1][-1]["content"])
    assert len(model.requests) == 2


async def test_a_reply_of_reasoning_alone_is_empty_and_is_called_so() -> None:
    class Thinking(ScriptedModel):
        async def stream(
            self, messages: Sequence[Message], options: Options = NO_OPTIONS
        ) -> AsyncGenerator[Chunk, None]:
            self.requests.append(list(messages))
            yield Delta(reasoning="Let me think.")
            yield ReplyEnd("stop")

    journal, model = MemoryJournal(), Thinking([])
    await begin_run(journal, "Go")
    finished = await Agent(journal, model, FakeEnvironment()).run()
    assert len(model.requests) == 2
    assert finished.detail.startswith("the model gave reasoning but no reply 2 times in a row; ")
