"""Two alternatives measured in turns, A B A B, and the table of what they took."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import TypeAlias

SPREAD_LIMIT = 0.15
"""A comparison counts only when its baseline spreads less: else the machine was measured, not the code."""

Sample: TypeAlias = Mapping[str, float]
"""What one round gave, by name."""


@dataclass(frozen=True)
class Line:
    """One line of the table: the figures called `name`, with a goal for the ratio or for what is added (in `unit`)."""

    name: str
    unit: str
    most_ratio: float | None = None
    most_added: float | None = None


async def alternate(
    rounds: int, ours: Callable[[], Awaitable[Sample]], baseline: Callable[[], Awaitable[Sample]]
) -> list[tuple[Sample, Sample]]:
    """The samples of ours and of the baseline, a pair a round; a round before them, not counted, has warmed both up."""
    await ours()
    await baseline()
    return [(await ours(), await baseline()) for _ in range(rounds)]


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of `values` do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def spread(values: Sequence[float]) -> float:
    """The distance between the quartiles, as a part of the median."""
    return (percentile(values, 75) - percentile(values, 25)) / median(values)


def print_table(pairs: Sequence[tuple[Sample, Sample]], lines: Sequence[Line]) -> None:
    """A Markdown table is on standard output: medians over the rounds; ratio and difference are taken in each round."""
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{len(pairs)} rounds of each, in turns; {os.cpu_count()} cores; load averages now: {load}\n")
    print("| measure | ours | baseline | ratio | added | baseline's spread | counts | goal |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |")
    for line in lines:
        print(_row(line, [(ours[line.name], baseline[line.name]) for ours, baseline in pairs]))
    print()


def _row(line: Line, pairs: Sequence[tuple[float, float]]) -> str:
    ratio = median(ours / baseline for ours, baseline in pairs)
    added = median(ours - baseline for ours, baseline in pairs)
    spreads = spread([baseline for _, baseline in pairs])
    cells = [
        f"{line.name} ({line.unit})",
        *(f"{median(values):.3g}" for values in zip(*pairs, strict=True)),
        f"{ratio:.2f}",
        f"{added:+.3g}",
        f"{spreads:.0%}",
        "yes" if spreads < SPREAD_LIMIT else "no",
        _goal(line, ratio, added),
    ]
    return f"| {' | '.join(cells)} |"


def _goal(line: Line, ratio: float, added: float) -> str:
    if line.most_ratio is not None:
        return f"ratio <= {line.most_ratio:.2f}: {'met' if ratio <= line.most_ratio else 'missed'}"
    if line.most_added is not None:
        return f"added <= {line.most_added:g}: {'met' if added <= line.most_added else 'missed'}"
    return ""
