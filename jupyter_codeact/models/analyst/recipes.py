"""Which cells answer a task, and the answer from their outputs: a recipe per kind of question."""

from __future__ import annotations

from jupyter_codeact.models.analyst import answers
from jupyter_codeact.models.analyst.printed import line, number, ranked, table
from jupyter_codeact.models.analyst.stage import DIGITS, Findings, Stage, free, quoted
from jupyter_codeact.models.analyst.work import Work


def profile(work: Work) -> Findings:
    """Size, quality, ranges of the numbers, commonest values."""
    lines = answers.quality(work.frame)
    numbers = [column.name for column in work.frame.of_kind("number")][:9]
    if numbers:
        chosen = f"{work.data}[{quoted(numbers)}]"
        step = yield Stage(
            f"Profile the numbers of {work.data}",
            "I will summarise and plot the numbers.",
            f"print({chosen}.describe().T.to_string({DIGITS}))",
            f"{chosen}.hist(bins=30, figsize=(10, 6))\nplt.tight_layout()",
        )
        ranges = [f"`{name}` {row[3]} to {row[7]}, mean {row[1]}" for name, row in table(step.output, 8).items()]
        lines.append(f"Numbers: {'; '.join(ranges[:4])}.")
    common = [
        f"`{column.name}`: " + ", ".join(f"{value} {count}" for value, count in list(column.values.items())[:4])
        for column in work.frame.of_kind("category")
        if column.values
    ]
    return [*lines, *([f"Commonest values: {'; '.join(common[:3])}."] if common else [])]


def missing(work: Work) -> Findings:
    """Missing values and duplicates, which the description holds already."""
    yield from ()
    size, *quality = answers.quality(work.frame)
    target = work.task.target
    return [*([f"`{target.name}` lacks {target.missing} values."] if target else []), *quality, size]


def aggregate(work: Work) -> Findings:
    """A number, or a count, per group."""
    task, measure = work.task, work.measure
    if measure is None or (task.aggregate == "count" and measure.kind != "number"):
        return (yield from _counts(work))
    what = f"{work.how} of {measure.name} by {work.groups}"
    name = free("groups", work.taken)
    body = f"""\
{name} = (
    {work.grouped(task.by)}[{quoted(measure.name)}]
    .agg([{quoted(work.how)}, "count"])
    .sort_values({quoted(work.how)}, ascending=False)
    .head(30)
)
print({name}.to_string({DIGITS}{", sparsify=False" if len(task.by) > 1 else ""}))"""
    plot = f"{name}[{quoted(work.how)}].plot.bar(title={quoted(what)})" if "plot" in task.intents else ""
    step = yield Stage(f"{what[0].upper()}{what[1:]}", f"I will compute the {what}.", body, plot)
    rows = ranked(table(step.output, 2))
    return [f"The {work.spoken(measure)} of `{measure.name}` by {work.groups}: {rows}."]


def _counts(work: Work) -> Findings:
    """The number of rows per value of the columns in question."""
    target = work.target if work.target and not (work.task.by and work.task.aggregate == "count") else None
    by = [*work.task.by, *([target] if target else [])]
    names = " and ".join(column.name for column in by)
    counts = free("counts", work.taken)
    body = f"""\
{counts} = {work.grouped(by)}.size().sort_values(ascending=False).head(30)
print({counts}.to_frame("rows").to_string({"sparsify=False" if len(by) > 1 else ""}))"""
    plot = f"{counts}.plot.bar(title={quoted(f'Rows by {names}')})"
    shown = plot if work.task.intents & {"plot", "distribution"} else ""
    step = yield Stage(f"Number of rows by {names}", f"I will count the rows by {names}.", body, shown)
    return [f"Rows by {names}: {ranked(table(step.output, 1))}."]


def distribution(work: Work) -> Findings:
    """How the values of one column are spread, or one aggregate of them."""
    target = work.target
    if target is None:
        return answers.unknown_target(work.frame)
    if target.kind != "number":
        return (yield from _counts(work))
    cell, how = work.cell(target), work.task.aggregate
    title = f"{how.capitalize() if how else 'Distribution'} of {target.name}"
    body = f'print({cell}.agg(["count", "sum", "mean", "median", "std", "min", "max"]).to_string({DIGITS}))'
    plot = "" if how else f"{cell}.plot.hist(bins=30, title={quoted(title)}, xlabel={quoted(target.name)})"
    step = yield Stage(title, f"I will look at the distribution of `{target.name}`.", body, plot)
    told = {name: row[0] for name, row in table(step.output, 1).items()}
    count = told["count"].removesuffix(".000")
    if how in told and how != "count":
        return [f"The {how} of `{target.name}` is {told[how]}, over {count} values."]
    return [
        f"`{target.name}` has mean {told['mean']} and median {told['median']}, over {count} values.",
        f"It runs from {told['min']} to {told['max']}, standard deviation {told['std']}.",
    ]


def plot(work: Work) -> Findings:
    """One column by another, in the form that fits their kinds."""
    target, by = work.target, work.task.by[0]
    if target is None or target.kind != "number" or by.kind != "number":
        return (yield from aggregate(work))
    body = f"""\
print("rows with both:", len({work.data}[{quoted([by.name, target.name])}].dropna()))
print("correlation:", round({work.cell(target)}.corr({work.cell(by)}), 3))"""
    title = f"{target.name} by {by.name}"
    drawn = f"{work.data}.plot.scatter(x={quoted(by.name)}, y={quoted(target.name)}, alpha=0.5, title={quoted(title)})"
    prose = f"I will plot `{target.name}` by `{by.name}` and measure how closely they go together."
    step = yield Stage(f"Plot {title}", prose, body, drawn)
    found = f"The correlation of `{target.name}` and `{by.name}` is {line(step.output, 'correlation')}"
    return [f"{found}, over {line(step.output, 'rows with both')} rows."]


def correlation(work: Work) -> Findings:
    """Which pairs of all numeric columns go together most."""
    columns = [column.name for column in work.frame.of_kind("number")][:12]
    if len(columns) < 2:
        return f"`{work.frame.name}` has fewer than two numeric columns, so there is nothing to correlate."
    body = f"print({work.data}[{quoted(columns)}].corr().to_string({DIGITS}))"
    step = yield Stage(f"Correlations in {work.data}", "I will correlate the numeric columns.", body)
    rows = table(step.output, len(columns))
    pairs = [(one, columns[place], value) for one, row in rows.items() for place, value in enumerate(row)]
    pairs = [pair for pair in pairs if columns.index(pair[0]) > columns.index(pair[1])]
    pairs.sort(key=lambda pair: -abs(number(pair[2])))
    closest = "; ".join(f"`{one}` and `{other}` {value}" for one, other, value in pairs[:5])
    return [f"The closest correlations: {closest}."]
