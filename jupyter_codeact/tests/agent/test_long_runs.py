"""A run that outgrows its model's context goes on: against a real endpoint that counts and refuses."""

from __future__ import annotations

import pytest

from jupyter_codeact.agent.history import History
from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.errors import ModelError
from jupyter_codeact.events import HistoryReduced, RunStarted
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.testing import FakeEnvironment, ScriptedModel, begin_run, stream
from jupyter_codeact.tests.counting import (
    LIMIT,
    QUESTION,
    STEPS,
    CountingModel,
    long_run,
    output,
    prefix_shares,
    script,
    tokens_of,
)

STABLE = 0.9


async def test_with_a_known_limit_no_request_is_refused() -> None:
    model = CountingModel(script())
    finished, journal = await long_run(model, context_tokens=LIMIT)
    assert (finished.reason, finished.answer) == ("answered", script()[-1])
    assert (len(model.accepted), model.refused) == (STEPS, 0)
    reductions = [event for event in journal.events if isinstance(event, HistoryReduced)]
    assert reductions
    assert not any(event.refused for event in reductions)
    unstable = [share for share in prefix_shares(model.accepted) if share < STABLE]
    assert len(unstable) == len(reductions)


@pytest.mark.parametrize("tells", [True, False])
async def test_an_unknown_limit_is_learnt_from_the_refusal(tells: bool) -> None:
    model = CountingModel(script(), tells=tells)
    finished, journal = await long_run(model)
    assert finished.reason == "answered"
    assert (len(model.accepted), model.refused) == (STEPS, 1)
    reductions = [event for event in journal.events if isinstance(event, HistoryReduced)]
    assert [event.refused for event in reductions] == [True] + [False] * (len(reductions) - 1)
    assert len([share for share in prefix_shares(model.accepted) if share < STABLE]) == len(reductions)
    assert max(map(tokens_of, model.accepted)) <= LIMIT


async def test_a_reduction_says_so_in_the_history_and_the_words_of_the_user_stay() -> None:
    model = CountingModel(script())
    await long_run(model, context_tokens=LIMIT)
    last = "\n".join(str(message["content"]) for message in model.accepted[-1])
    assert QUESTION in last
    assert "more characters were shown here" in last
    assert "are left out here" in last


async def test_the_requests_follow_from_the_journal_alone() -> None:
    model = CountingModel(script())
    _, journal = await long_run(model, context_tokens=LIMIT)
    asked = [event.seen_seq for event in journal.events if event.kind == "model_replied"]
    for seen, sent in zip(asked, model.accepted, strict=True):
        assert History().messages(journal.events[:seen]) == sent[1:]


async def test_a_run_whose_first_request_is_too_long_says_what_to_do() -> None:
    model = CountingModel(script(), limit=300)
    finished, _ = await long_run(model)
    assert finished.reason == "failed"
    assert finished.detail.endswith("or use a model with a longer context")
    assert "cannot be shortened" in finished.detail
    assert (len(model.accepted), model.refused) == (0, 1)


async def test_a_limit_given_to_the_agent_comes_before_that_of_the_run() -> None:
    journal, model = MemoryJournal(), ScriptedModel(["never"])
    await begin_run(journal, QUESTION, RunStarted(run_id="r", model="m", approval="auto", context_tokens=LIMIT))
    finished = await Agent(journal, model, FakeEnvironment(), context_tokens=300).run()
    assert finished.reason == "failed"
    assert finished.detail.startswith("the shortest form of the conversation has about")
    assert model.requests == []


async def test_a_refusal_counts_for_the_model_that_made_it() -> None:
    journal, refusal = MemoryJournal(), ModelError("Too long.", reason="context_too_long")
    environment = FakeEnvironment(lambda code: [stream(output(code))])
    await begin_run(journal, QUESTION)
    model = ScriptedModel([*script(4)[:3], refusal, "Done."])
    assert (await Agent(journal, model, environment).run()).reason == "answered"
    (learnt,) = journal.state.reductions
    await journal.append(RunStarted(run_id="b", model="larger", approval="auto"))
    other = ScriptedModel([*script(8)[:7], "Done."])
    assert (await Agent(journal, other, environment).run()).reason == "answered"
    assert journal.state.reductions == [learnt]
    assert tokens_of(other.requests[-1]) > learnt.context_tokens


async def test_two_refusals_in_a_row_end_the_run_and_a_new_run_may_try_again() -> None:
    journal, refusal = MemoryJournal(), ModelError("Too long.", reason="context_too_long")
    environment = FakeEnvironment(lambda code: [stream(output(code))])
    await begin_run(journal, QUESTION)
    model = ScriptedModel([*script(6)[:5], refusal, refusal, "never"])
    finished = await Agent(journal, model, environment).run()
    assert finished.reason == "failed"
    assert finished.detail.startswith("the model refuses the conversation as too long, shortened as it is; start a new")
    await journal.append(RunStarted(run_id="b", model="scripted", approval="auto"))
    assert (await Agent(journal, ScriptedModel([refusal, "Done."]), environment).run()).reason == "answered"
