"""What drives a column: relations, a plot of the strongest, a baseline model."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_codeact.models.analyst import answers
from jupyter_codeact.models.analyst.baseline import baseline
from jupyter_codeact.models.analyst.frame import Column
from jupyter_codeact.models.analyst.printed import line, number, table
from jupyter_codeact.models.analyst.stage import DIGITS, Findings, Stage, free, quoted
from jupyter_codeact.models.analyst.work import Work

ECHO = 0.995
"""A correlation beyond which a column says the same as the target."""
SMALLEST_GROUP = 10
"""Smaller groups do not count in the ranking of categories."""


def drivers(work: Work) -> Findings:
    """What goes with the target, with a plot and the held-out score of a baseline model."""
    target = work.target
    if target is None:
        return answers.unknown_target(work.frame)
    others = [column for column in work.frame.columns if column.unique > 1 and column.name != target.name]
    numbers = [column.name for column in work.frame.of_kind("number", "flag") if column in others][:15]
    groups = [column.name for column in work.frame.of_kind("category") if column in others][:8]
    lines: list[str] = []
    if work.lateness:
        rows, used = line(work.lateness, "late rows"), line(work.lateness, "rows used").partition(" of ")[0]
        lines.append(f"{rows} of {used} rows are late, a rate of {line(work.lateness, 'late rate')}.")
    if target.kind in {"number", "flag"} and (numbers or groups):
        step = yield _relations(work, target, numbers, groups)
        numbers, groups, found = _ranked(target, groups, step.output)
        lines += found
        if numbers or groups:
            yield _panels(work, target, numbers[:2], groups[:2])
    return [*lines, (yield from baseline(work, target, numbers, groups))]


def _relations(work: Work, target: Column, numbers: Sequence[str], groups: Sequence[str]) -> Stage:
    """Prints correlations with the target, then its mean in the groups of every category."""
    loop, y, parts = free("column", work.taken), quoted(target.name), []
    if numbers:
        parts.append(f"""\
print("correlation with {target.name}")
print(
    {work.data}[{quoted(numbers)}]
    .corrwith({work.cell(target)})
    .sort_values(key=abs, ascending=False)
    .to_string({DIGITS})
)""")
    if groups:
        parts.append(
            f"""\
for {loop} in {quoted(groups)}:
    print("\\n{target.name} by", {loop})
    means = {work.data}.groupby({loop}, observed=True)[{y}].agg(["mean", "count"]).sort_values("mean")
    print(means.to_string({DIGITS}))""".replace("means", free("means", work.taken))
        )
    prose = f"I will compare `{target.name}` with the other columns: numbers by correlation, categories by group."
    return Stage(f"What goes with {target.name}: correlation of numbers, means by group", prose, "\n".join(parts))


def _panels(work: Work, target: Column, numbers: Sequence[str], groups: Sequence[str]) -> Stage:
    """Draws the mean of the target in each group, and in fifths of each number, side by side."""
    axes, names = free("axes", work.taken), [*groups, *numbers]
    columns = [column for name in names for column in work.frame.columns if column.name == name]
    lines = [f"_, {axes} = plt.subplots(1, {len(names)}, figsize=({4 * len(names)}, 4), sharey=True, squeeze=False)"]
    lines += [
        f"{work.grouped([column])}[{quoted(target.name)}].mean().plot.bar(ax={axes}[0, {place}])"
        for place, column in enumerate(columns)
    ]
    lines += [f"plt.suptitle({quoted(f'mean of {target.name}')})", "plt.tight_layout()"]
    prose = f"I will plot `{target.name}` against what goes with it most."
    return Stage(f"Plot {target.name} against {', '.join(names)}", prose, "", "\n".join(lines), may_fail=True)


def _ranked(target: Column, groups: Sequence[str], output: str) -> tuple[list[str], list[str], list[str]]:
    """The numbers and the categories that go with the target, strongest first, and what is to be said of them: ranked
    by what the relations cell printed, without those that echo the target."""
    linked = {name: row[0] for name, row in table(output, 1, f"correlation with {target.name}").items()}
    means = {group: table(output, 2, f"{target.name} by {group}") for group in groups}
    echoes = [name for name, value in linked.items() if abs(number(value)) > ECHO]
    echoes += [group for group, rows in means.items() if target.unique == 2 and _is_echo(rows)]
    numbers = sorted(set(linked) - set(echoes), key=lambda name: (-abs(number(linked[name])), name))
    best = sorted((name for name in means if name not in echoes), key=lambda name: -_range(means[name]))
    lines = [_group_line(target, group, means[group]) for group in best[:2] if means[group]]
    if numbers:
        strongest = ", ".join(f"`{name}` {linked[name]}" for name in numbers[:4])
        lines.append(f"Correlation with `{target.name}`: {strongest}.")
    lines += [f"`{name}` says the same as `{target.name}` and is left out." for name in echoes]
    return numbers, best, [*lines, "These are associations, not proofs of a cause."]


def _group_line(target: Column, group: str, rows: dict[str, list[str]]) -> str:
    """The groups with the lowest and the highest mean, from a table that is sorted by it."""
    (lowest, low), *_, (highest, high) = [*rows.items(), *rows.items()]
    what = "rate" if target.unique == 2 else "mean"
    return f"By `{group}`, the {what} of `{target.name}` runs from {low[0]} ({lowest}) to {high[0]} ({highest})."


def _is_echo(rows: dict[str, list[str]]) -> bool:
    """True when every group is all or nothing."""
    return len(rows) > 1 and all(number(row[0]) in {0.0, 1.0} for row in rows.values())


def _range(rows: dict[str, list[str]]) -> float:
    """How far the means of the groups are apart."""
    values = [number(mean) for mean, count in rows.values() if number(count) >= SMALLEST_GROUP]
    return max(values) - min(values) if values else 0.0
