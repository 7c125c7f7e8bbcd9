"""A baseline model of a column, scored on rows it has not seen."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from jupyter_codeact.models.analyst import answers
from jupyter_codeact.models.analyst.frame import Column
from jupyter_codeact.models.analyst.printed import line
from jupyter_codeact.models.analyst.stage import Stage, free, quoted
from jupyter_codeact.models.analyst.transcript import Step
from jupyter_codeact.models.analyst.work import Work

_NAMES = ("numbers", "groups", "rows", "train", "test", "model", "guess")
_BODY = """\
from sklearn.compose import make_column_transformer
from sklearn.dummy import Dummy{kind}
from sklearn.ensemble import RandomForest{kind}
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

{numbers} = {number_columns}
{groups} = {group_columns}
{rows} = {data}.dropna(subset=[{y}]).astype(dict.fromkeys({groups}, str))
{train}, {test} = train_test_split({rows}, test_size=0.25, random_state=0)
{model} = make_pipeline(
    make_column_transformer(
        (SimpleImputer(strategy="median"), {numbers}),
        (OneHotEncoder(handle_unknown="ignore"), {groups}),
    ),
    RandomForest{kind}(n_estimators=100, min_samples_leaf=5, random_state=0),
)
{model}.fit({train}[{numbers} + {groups}], {train}[{y}])
{guess} = Dummy{kind}().fit({train}[{numbers} + {groups}], {train}[{y}])
print("held-out {score}:", round({model}.score({test}[{numbers} + {groups}], {test}[{y}]), 3))
print("{score} of guessing {guessed}:", round({guess}.score({test}[{numbers} + {groups}], {test}[{y}]), 3))"""


def baseline(work: Work, target: Column, numbers: Sequence[str], groups: Sequence[str]) -> Generator[Stage, Step, str]:
    """The score of a random forest that was fitted on three quarters of the rows."""
    if not numbers and not groups:
        return "No other column can be learnt from."
    regression = target.kind == "number" and target.unique > 2
    score, guessed = ("r2", "the mean") if regression else ("accuracy", "the commonest class")
    body = _BODY.format(
        **{name: free(name, work.taken) for name in _NAMES},
        kind="Regressor" if regression else "Classifier",
        number_columns=quoted(numbers),
        group_columns=quoted(groups),
        data=work.data,
        y=quoted(target.name),
        score=score,
        guessed=guessed,
    )
    title = f"Baseline model of {target.name}: random forest, scored on held-out rows"
    prose = f"I will fit a baseline model of `{target.name}` and score it on rows it has not seen."
    step = yield Stage(title, prose, body, may_fail=True)
    if step.missing == "sklearn":
        return answers.WITHOUT.format("The baseline model", "scikit-learn", "scikit-learn")
    if step.status == "error":
        return "The baseline model could not be fitted; its cell shows why."
    reached, beaten = line(step.output, f"held-out {score}"), line(step.output, f"{score} of guessing {guessed}")
    scored = f"Held-out {score} of a baseline model of `{target.name}`: {reached}"
    return f"{scored}, against {beaten} for guessing {guessed}."
