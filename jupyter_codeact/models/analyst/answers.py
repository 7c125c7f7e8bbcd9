"""What is said when there is nothing to compute, or something went wrong."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_codeact.models.analyst.frame import Frame

CONNECT = (
    "To get a language model instead, use the panel's **Connect a model**, or set `OPENAI_BASE_URL` and "
    "`OPENAI_API_KEY` before Jupyter starts."
)
GREETING = f"I am the built-in offline analyst. Ask me about your data. {CONNECT}"
NOTHING = (
    "I find no table in memory and no data file (CSV, TSV, Excel, JSON, Parquet) in or below the working folder. "
    "Put a file beside the notebook, or load one into a variable, and ask again."
)
STOPPED = {
    "interrupted": "The cell “{}” was interrupted, so I stopped and did not run it again. Ask again to go on.",
    "refused": "The cell “{}” was not run, so I stopped here. Tell me what you want instead.",
    "lost": "The kernel went away while the cell “{}” ran, and its variables are gone. I ran nothing again; "
    "ask again to start anew.",
    "aborted": "The cell “{}” was not run, because a cell before it failed. Ask again to go on.",
}
WITHOUT = "{} is left out: {} is missing (`%pip install {}`)."


def other_language(language: str) -> str:
    """What to say in a kernel that does not run Python."""
    return (
        f"I am the built-in offline analyst and write Python only; this notebook runs {language}. "
        f"Open a Python notebook to go on with me. {CONNECT}"
    )


def abilities(data: str, frame: Frame | None = None) -> str:
    """What the analyst is and can do, with examples that fit the data."""
    return (
        "I am the built-in offline analyst: rules, not a language model, so I cannot help with this. "
        f"I answer questions about tables. {examples(data, frame)}\n\n{CONNECT}"
    )


def examples(data: str, frame: Frame | None = None) -> str:
    """Questions to ask about the data."""
    asked = [f"Profile {data}", f"What is missing in {data}?"]
    numbers = [column.name for column in frame.of_kind("number")] if frame else []
    groups = [column.name for column in frame.of_kind("category")] if frame else []
    if numbers and groups:
        asked.append(f"Plot the average {numbers[0]} by {groups[0]}")
    if len(numbers) > 1:
        asked.append(f"Plot {numbers[0]} by {numbers[1]}")
    asked.append(f"What drives {numbers[-1]}?" if numbers else f"Which columns of {data} are correlated?")
    return "For example:\n\n" + listed(asked)


def which(names: Sequence[str]) -> str:
    """The question back, when several tables or files can be meant."""
    return "Which of these do you mean?\n\n" + listed([f"`{name}`" for name in names[:20]])


def not_found(there: Sequence[str], named: str) -> str:
    """What to do when the file that is meant is not there."""
    if not there:
        return NOTHING
    seen = ", ".join(f"`{name}`" for name in there[:20])
    return f"I cannot find `{named}` here. What I see: {seen}. Which of these do you mean?"


def unknown_target(frame: Frame) -> str:
    """The question back, when no column fits the words."""
    names = ", ".join(f"`{column.name}`" for column in frame.columns[:30])
    return f"Which column of `{frame.name}` do you mean? It has {names}."


def no_dates(frame: Frame) -> str:
    """What can be plotted where there is no trend."""
    offer = examples(frame.name, frame)
    return f"`{frame.name}` has no column of dates or years, so I cannot show a trend. Other things I can. {offer}"


def failed(title: str, error: str) -> str:
    """What could not be done, and why."""
    return (
        f"I could not go on: the cell “{title}” failed with `{error}`, and I know no repair for it. "
        "What ran before is in the notebook. Correct the cell or the data, then ask again."
    )


def quality(frame: Frame) -> list[str]:
    """Size; missing values, largest first; duplicates."""
    gaps = sorted((column for column in frame.columns if column.missing), key=lambda column: -column.missing)
    most = ", ".join(f"`{column.name}` {column.missing}" for column in gaps[:8])
    more = f", and {len(gaps) - 8} more columns" if len(gaps) > 8 else ""
    return [
        f"`{frame.name}` has {frame.rows} rows and {len(frame.columns)} columns.",
        f"Missing values: {most}{more}." if gaps else "No value is missing.",
        f"Duplicated rows: {frame.duplicates}." if frame.duplicates else "No row is duplicated.",
    ]


def listed(lines: Sequence[str]) -> str:
    """The lines as a Markdown list."""
    return "\n".join(f"- {line}" for line in lines)
