"""The offline analyst on public data sets: its answers against an independent computation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from jupyter_client.blocking.client import BlockingKernelClient

from jupyter_codeact.tests.models.offline_kernel import Talk, kernel, numbers

DATA = Path(__file__).parents[4] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no data sets in {DATA}")


@pytest.fixture(scope="module")
def client() -> Iterator[BlockingKernelClient]:
    with kernel(DATA) as client:
        yield client


@pytest.fixture
def talk(client: BlockingKernelClient) -> Talk:
    talk = Talk(client)
    talk.execute("%reset -f")
    return talk


def table(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv")


GROUPED = [
    ("titanic", "What is the survival rate by class in titanic.csv?", "class", "survived", "mean"),
    ("titanic", "median fare per embark_town, titanic.csv", "embark_town", "fare", "median"),
    ("tips", "average tip by day in tips.csv", "day", "tip", "mean"),
    ("tips", "In tips.csv, which day has the highest total bill?", "day", "total_bill", "max"),
    ("penguins", "penguins.csv: average body mass by species", "species", "body_mass_g", "mean"),
    ("flights", "average passengers by month in flights.csv", "month", "passengers", "mean"),
    ("mpg", "mean mpg by origin in mpg.csv", "origin", "mpg", "mean"),
    ("taxis", "Average fare by payment in taxis.csv", "payment", "fare", "mean"),
    ("taxis", "total fare per payment in taxis.csv", "payment", "fare", "sum"),
    ("taxis", "show the average tip by pickup borough in taxis.csv", "pickup_borough", "tip", "mean"),
]


@pytest.mark.parametrize(("name", "question", "by", "target", "how"), GROUPED)
def test_aggregates_are_those_of_the_data(talk: Talk, name: str, question: str, by: str, target: str, how: str) -> None:
    answer = talk.ask(question)
    expected = table(name).groupby(by)[target].agg(how)
    for group, value in expected.items():
        assert f"{group} {value:.3f}" in answer
    assert numbers(answer) <= numbers("\n".join(talk.observations))
    assert talk.failures == 0


@pytest.mark.parametrize(
    ("name", "question", "by"),
    [
        ("titanic", "how many passengers by class in titanic.csv?", "class"),
        ("penguins", "distribution of species in penguins.csv", "species"),
        ("tips", "number of rows per day in tips.csv", "day"),
    ],
)
def test_counts_are_those_of_the_data(talk: Talk, name: str, question: str, by: str) -> None:
    answer = talk.ask(question)
    for group, count in table(name)[by].value_counts().items():
        assert f"{group} {count}" in answer


@pytest.mark.parametrize(
    ("name", "question", "one", "other"),
    [
        ("penguins", "Plot flipper_length by body_mass from penguins.csv", "flipper_length_mm", "body_mass_g"),
        ("tips", "plot the tip against the total bill in tips.csv", "tip", "total_bill"),
        ("mpg", "correlation between mpg and weight in mpg.csv", "mpg", "weight"),
    ],
)
def test_two_numbers_are_plotted_with_their_correlation(
    talk: Talk, name: str, question: str, one: str, other: str
) -> None:
    answer = talk.ask(question)
    frame = table(name)
    assert f"{frame[one].corr(frame[other]):.3f}" in answer
    assert str(len(frame[[one, other]].dropna())) in answer
    assert talk.images == 1


def test_closest_correlations_come_first(talk: Talk) -> None:
    answer = talk.ask("Which columns of penguins.csv are correlated?")
    matrix = table("penguins").corr(numeric_only=True)
    closest = f"{matrix.loc['body_mass_g', 'flipper_length_mm']:.3f}"
    assert answer.index(closest) == min(answer.index(str(value)) for value in numbers(answer))


def test_missing_values_are_counted(talk: Talk) -> None:
    answer = talk.ask("What is missing in titanic.csv?")
    missing = table("titanic").isna().sum()
    for name, count in missing[missing > 0].items():
        assert f"`{name}` {count}" in answer


def test_distribution_of_a_number(talk: Talk) -> None:
    answer = talk.ask("Show the distribution of body mass in penguins.csv")
    mass = table("penguins")["body_mass_g"]
    for value in (mass.mean(), mass.median(), mass.min(), mass.max(), mass.std()):
        assert f"{value:.3f}" in answer
    assert talk.images == 1


def test_trend_over_years(talk: Talk) -> None:
    answer = talk.ask("Show the trend of passengers in flights.csv")
    years = table("flights").groupby("year")["passengers"].mean()
    assert f"{years.iloc[0]:.3f} (1949)" in answer
    assert f"{years.iloc[-1]:.3f} (1960)" in answer
    assert talk.images == 1


def test_trend_over_dates_kept_as_text(talk: Talk) -> None:
    answer = talk.ask("trend of the average fare over time in taxis.csv")
    taxis = table("taxis")
    days = taxis.groupby(pd.to_datetime(taxis["pickup"]).dt.date)["fare"].mean()
    assert f"{days.iloc[-1]:.3f} ({days.index[-1]})" in answer
    assert "read pickup, dropoff as dates" in answer


def test_drivers_leave_out_the_target_in_disguise(talk: Talk) -> None:
    answer = talk.ask("What drives survived in titanic.csv?")
    titanic = table("titanic")
    rates = titanic.groupby("sex")["survived"].mean()
    assert f"{rates['male']:.3f} (male) to {rates['female']:.3f} (female)" in answer
    assert f"{titanic['survived'].corr(titanic['pclass']):.3f}" in answer
    assert "`alive` says the same as `survived`" in answer
    assert talk.images == 1


def test_baseline_prediction_is_scored_on_held_out_rows(talk: Talk) -> None:
    answer = talk.ask("predict mpg from mpg.csv")
    score = float(answer.split("Held-out r2 of a baseline model of `mpg`: ")[1].split(",")[0])
    recomputed = talk.value('round(model.score(test[numbers + groups], test["mpg"]), 3)')
    assert score == float(recomputed)
    assert 0.7 < score < 1
    assert talk.value("len(set(train.index) & set(test.index))") == "0"


def test_profile_states_the_shape(talk: Talk) -> None:
    answer = talk.ask("Profile tips.csv")
    tips = table("tips")
    assert f"{len(tips)} rows and {tips.shape[1]} columns" in answer
    assert f"`total_bill` {tips['total_bill'].min():.3f} to {tips['total_bill'].max():.3f}" in answer
    assert talk.images == 1


def test_ranges_of_a_number_have_round_edges(talk: Talk) -> None:
    answer = talk.ask("plot the average tip by total bill in tips.csv")
    edges = pd.qcut(table("tips")["total_bill"], 5, precision=0)
    for interval, mean in table("tips").groupby(edges, observed=True)["tip"].mean().items():
        assert f"{interval} {mean:.3f}" in answer
    assert "(26.0, 51.0]" in answer
    assert talk.images == 1


def test_what_was_made_on_the_way_is_no_data(talk: Talk) -> None:
    talk.ask("average tip by day in tips.csv")
    answer = talk.ask("Which data is here?")
    assert "table `tips`: 244 rows, 7 columns" in answer
    assert answer.count("table `") == 1


def test_follow_up_uses_what_is_loaded(talk: Talk) -> None:
    talk.ask("average tip by day in tips.csv")
    answer = talk.ask("and the total tip by smoker?")
    assert f"No {table('tips').groupby('smoker')['tip'].sum()['No']:.3f}" in answer
    assert talk.titles == ["Sum of tip by smoker"]


def test_several_files_are_asked_about(talk: Talk) -> None:
    answer = talk.ask("average tip by day")
    assert answer.startswith("Which of these do you mean?")
    assert all(f"`{path.name}`" in answer for path in DATA.glob("*.csv"))
    assert "Sun" in talk.ask("tips.csv")
