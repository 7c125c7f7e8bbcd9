"""What usage costs."""

from __future__ import annotations

import pytest

from jupyter_codeact.conversations.runs import new_run
from jupyter_codeact.events import Limits, ModelReplied, Price, RunStarted, Usage
from jupyter_codeact.journal.fold import fold
from jupyter_codeact.testing import ScriptedModel

USAGE = Usage(prompt_tokens=1_000_000, completion_tokens=200_000, cached_tokens=600_000)


@pytest.mark.parametrize(
    ("price", "cost"),
    [(Price(prompt=2.0, completion=10.0), 4.0), (Price(prompt=2.0, completion=10.0, cached=0.5), 3.1)],
)
def test_tokens_from_the_cache_have_their_own_price_where_there_is_one(price: Price, cost: float) -> None:
    assert price.cost(USAGE) == pytest.approx(cost)


def test_usage_and_cost_are_summed_over_the_steps_of_a_run_and_the_runs() -> None:
    price = Price(prompt=1.0, completion=1.0)
    state = fold(
        [
            RunStarted(run_id="a", model="m", price=price),
            ModelReplied(step=1, text="x", usage=USAGE),
            ModelReplied(step=2, text="x", usage=USAGE),
            RunStarted(run_id="b", model="unpriced"),
            ModelReplied(step=3, text="x", usage=USAGE),
        ]
    )
    assert [step.cost for step in state.steps] == [pytest.approx(1.2), pytest.approx(1.2), None]
    assert [run.cost for run in state.runs] == [pytest.approx(2.4), None]
    assert state.cost == pytest.approx(2.4)
    assert state.usage == USAGE.plus(USAGE).plus(USAGE)


class Priced(ScriptedModel):
    """A model that says what is known of it."""

    context_tokens = 8000
    price = Price(prompt=1.0, completion=4.0)


def test_a_run_records_what_the_model_says_of_itself() -> None:
    run = new_run(model=Priced([]), approval="auto", limits=Limits())
    assert (run.context_tokens, run.price) == (8000, Priced.price)
    run = new_run(model=ScriptedModel([]), approval="auto", limits=Limits())
    assert (run.context_tokens, run.price) == (None, None)
