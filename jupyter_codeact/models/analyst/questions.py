"""What a question asks for: its intents, the columns it names, and how they are to be aggregated."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jupyter_codeact.models.analyst.columns import named, without_names
from jupyter_codeact.models.analyst.frame import Column, Frame
from jupyter_codeact.models.analyst.loading import FILE_NAME

INTENTS = {
    "drivers": r"\bdriv(?:es?|ers?|ing|en)\b|\b(?:affect|influence|determine|impact|cause)[sd]?\b|what explains"
    r"|\bfactors?\b|\bdepends? on\b|^why\b|\bimportan(?:t|ce)\b",
    "predict": r"\bpredict|\bforecast|\bbaseline\b|\bclassif|\bregression\b|\bmachine learning\b|\b(?:fit|train)\b",
    "correlation": r"\bcorrelat|\brelate[ds]?\b|\brelationship|\bassociat",
    "missing": r"\bmissing|\bnulls?\b|\bnans?\b|\bincomplete|\bgaps?\b|\bempty\b|\bduplicate",
    "trend": r"\btrends?\b|\bover (?:the )?(?:time|years|months|weeks|days)\b|\b(?:per|by|each|every) (?:hour|day|week|"
    r"month|quarter|year)\b|\b(?:hour|dai|week|month|quarter|year)ly\b|\btime series\b|\bevol|\bdevelop",
    "distribution": r"\bdistribut|\bhistogram|\bspread\b|\bbreakdown\b|\bvalue counts\b|\bfrequenc",
    "plot": r"\bplot|\bscatter|\bchart|\bgraph|\bdraw\b|\bvisuali[sz]e|\bshow\b|\bcompare|\bdiffer",
    "profile": r"\bprofil|\bdescribe|\bsummar|\boverview|\bexplor|\banaly[sz]e\b|\bcolumns?\b|\bshape\b|\bclean"
    r"|\bwhat(?:'s| is| are) in\b|\bhow many rows|\bnumber of rows|\blook at|\bload\b|\bread\b",
}
AGGREGATES = {
    "mean": r"\b(?:averages?|mean|avg|typical(?:ly)?|rates?|share|proportion|percent(?:age)?|fraction)\b",
    "median": r"\bmedian\b",
    "sum": r"\b(?:total|sum)\b",
    "max": r"\b(?:max(?:imum)?|highest|largest|biggest|longest)\b",
    "min": r"\b(?:min(?:imum)?|lowest|smallest|shortest|cheapest)\b",
    "count": r"\b(?:how many|number of|counts?)\b",
    "std": r"\b(?:std|standard deviation)\b",
}
PERIODS = {
    "h": r"\bhour",
    "D": r"\b(?:day|daily)",
    "W": r"\bweek",
    "M": r"\bmonth",
    "Q": r"\bquarter",
    "Y": r"\b(?:year|annual)",
}
INVENTORY = re.compile(
    r"^(?:what|which|list|show)\b.{0,12}\b(?:data|files|tables|data ?sets)\b.*\b(?:here|there|have|see|folder)\b", re.I
)
FOREIGN = re.compile(
    r"\b(?:poem|joke|story|song|essay|e-?mail|translate|refactor|debug|traceback|function|algorithm|recipe)\b"
    r"|^(?:hi|hello|hey|thanks|thank you|help|who are you|what can you do)\b",
    re.I,
)
FILTERS = re.compile(r"\b(?:where|only|among|except|excluding|without|older|younger|greater|less|more than)\b")
LATE = re.compile(r"\b(?:late|lateness|overdue|delay(?:s|ed)?|on[- ]time)\b")
PROMISED = re.compile(r"promis|due|expect|schedul|plann|estimat|requir|deadline", re.I)
ACTUAL = re.compile(r"deliver|arriv|actual|complet|receiv|finish", re.I)
STARTED = re.compile(r"order|creat|purchas|pickup|start|placed", re.I)
_BY = re.compile(
    r"\b(?:by|per|for each|for every|across|within each|in each|of each|depend(?:s|ing)? on|versus|vs|against)\b"
)
_WHICH = re.compile(r"\b(?:which|what) (.+?) (?:has|have|had|gets?|gives?|shows?|pays?|is|are|with)\b(.*)")


@dataclass(frozen=True)
class Late:
    """Lateness made of two dates: after `promised`; rows that ended before `started` are impossible."""

    promised: Column
    actual: Column
    started: Column | None


@dataclass(frozen=True)
class Task:
    """What to find out: `intents` (keys of INTENTS), the column in question, the columns it is split by, the
    aggregate or an empty text, a period of pandas or an empty text, and whether it is about lateness."""

    intents: frozenset[str]
    target: Column | None = None
    by: tuple[Column, ...] = ()
    aggregate: str = ""
    period: str = ""
    late: Late | None = None
    filtered: bool = False


def about_data(question: str) -> bool:
    """False when the question is clearly about something else."""
    return bool(FILE_NAME.search(question)) or not FOREIGN.search(question)


def has_intent(question: str) -> bool:
    """True when the question asks for something itself, beyond naming a file, table or column."""
    words = re.sub(FILE_NAME, " ", question.lower())
    return any(re.search(pattern, words) for pattern in (*INTENTS.values(), *AGGREGATES.values()))


def understand(question: str, frame: Frame) -> Task:
    """The task that the words of the question set on this frame; without intents, aggregate and columns: none."""
    words = re.sub(FILE_NAME, " ", question.lower())
    words = re.sub(rf"\b(?:in|of|from|using) (?:the )?{re.escape(frame.name)}\b", " ", words)
    intents = frozenset(name for name, pattern in INTENTS.items() if re.search(pattern, words))
    aggregate = _first(AGGREGATES, without_names(words, frame.columns))
    left, right = _sides(words)
    bare = re.sub(AGGREGATES[aggregate], " ", left) if aggregate else left
    by = named(right, frame.columns)[:2]
    targets = [column for column in named(bare, frame.columns) or named(left, frame.columns) if column not in by]
    if not by and len(targets) > 1 and intents & {"plot", "correlation"}:
        by = targets[1:2]
    return Task(
        intents,
        targets[0] if targets else None,
        tuple(by),
        aggregate,
        _first(PERIODS, words),
        None if any(LATE.search(column.name.replace("_", " ")) for column in targets) else _late(words, frame),
        bool(FILTERS.search(words)),
    )


def _first(patterns: dict[str, str], words: str) -> str:
    return next((name for name, pattern in patterns.items() if re.search(pattern, words)), "")


def _sides(words: str) -> tuple[str, str]:
    """The words about the column in question, and those about the columns it is split by."""
    which = _WHICH.search(words)
    if which and _first(AGGREGATES, which[2]):
        return which[2], which[1]
    left, *rest = _BY.split(words, maxsplit=1)
    return left, rest[0] if rest else ""


def _late(words: str, frame: Frame) -> Late | None:
    """Two dates that tell lateness, when the question is about it."""
    if not LATE.search(words):
        return None
    dates = [column for column in frame.columns if column.kind == "date"]
    promised, actual, started = (
        next((column for column in dates if pattern.search(column.name)), None)
        for pattern in (PROMISED, ACTUAL, STARTED)
    )
    if promised is None or actual is None or promised == actual:
        return None
    return Late(promised, actual, started if started not in (promised, actual) else None)
