"""What a long run sends to its model, against a copilot that sends the whole notebook with each request.

A run of 40 steps with 4,000 characters of output each, against a real HTTP endpoint that counts tokens as a tokenizer
would and refuses requests of more than 8,000 (`--limit`): once with that limit known, once learnt from a refusal, and
once against an endpoint without a limit. The baseline is the same notebook, computed: the fixed prompt, the question,
and the source and text output of each cell so far, in one message, with nothing around them and no conversation; how
many of its requests would fit is counted, too. These are counts, not times: one run tells them, on any machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from jupyter_codeact.agent.history import system_message
from jupyter_codeact.agent.prompts import system_prompt
from jupyter_codeact.events import HistoryReduced
from jupyter_codeact.tests.counting import QUESTION, CountingModel, common, long_run, output, script, source, tokens_of

ENDLESS = 10**9
STABLE = 0.9


@dataclass(frozen=True)
class Sent:
    """The requests of one run, as messages; how many steps of it shortened the history, and how many were refused."""

    name: str
    requests: Sequence[list[Any]]
    ended: str
    reductions: int = 0
    refused: int = 0


async def ours(name: str, steps: int, limit: int, *, known: bool) -> Sent:
    """What a run of ours sends to a model with that limit."""
    model = CountingModel(script(steps), limit)
    finished, journal = await long_run(model, limit if known else None, steps)
    reductions = sum(isinstance(event, HistoryReduced) for event in journal.events)
    return Sent(name, model.accepted, finished.reason, reductions, model.refused)


def whole_notebook(steps: int) -> Sent:
    """What resending the notebook would have sent."""
    system = system_message(system_prompt("fenced", "python"))
    cells = [f"{source(step)}\n{output(source(step))}" for step in range(1, steps)]
    requests = [
        [system, {"role": "user", "content": "\n\n".join([QUESTION, *cells[:step]])}] for step in range(len(cells) + 1)
    ]
    return Sent("whole notebook", requests, "computed")


def row(sent: Sent, limit: int) -> str:
    """One line of the table."""
    bodies = [json.dumps(messages, ensure_ascii=False).encode() for messages in sent.requests]
    shared = [common(former, latter) for former, latter in pairwise(bodies)]
    stable = [share / len(former) for share, former in zip(shared, bodies, strict=False)]
    counts = [tokens_of(messages) for messages in sent.requests]
    total = sum(map(len, bodies))
    cells = [
        sent.name,
        sent.ended,
        f"{len(bodies)}",
        f"{sent.refused}",
        f"{sum(count <= limit for count in counts)}",
        f"{max(counts):,}",
        f"{median(map(len, bodies)) / 1000:.1f}",
        f"{total / 1000:,.0f}",
        f"{(total - sum(shared)) / 1000:,.0f}",
        f"{sum(shared) / total:.0%}",
        f"{sum(share >= STABLE for share in stable)} of {len(stable)}",
        f"{sent.reductions}",
    ]
    return f"| {' | '.join(cells)} |"


async def compare(steps: int, limit: int) -> None:
    """The table is printed; a run that did not end `answered`, or a request that was too long, is an error."""
    runs = [
        await ours("ours, limit known", steps, limit, known=True),
        await ours("ours, limit learnt", steps, limit, known=False),
        await ours("ours, no limit", steps, ENDLESS, known=False),
    ]
    for sent in runs[:2]:
        assert sent.ended == "answered"
        assert all(tokens_of(messages) <= limit for messages in sent.requests)
    print(f"{steps} steps; the endpoint takes {limit:,} tokens\n")
    print(
        f"| | ended | requests | refused | of <= {limit:,} tokens | largest (tokens) | median (KB) | sent in all (KB) "
        "| of it new (KB) | prefix of all | stable prefix >= 90 % | reductions |"
    )
    print(f"| ---{' | ---:' * 11} |")
    for sent in [*runs, whole_notebook(steps)]:
        print(row(sent, limit))
    print()


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--limit", type=int, default=8000, help="tokens that a request may have")
    options = parser.parse_args()
    asyncio.run(compare(options.steps, options.limit))


if __name__ == "__main__":
    main()
