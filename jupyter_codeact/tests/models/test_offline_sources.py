"""The offline analyst finds, loads and repairs data."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from jupyter_client.blocking.client import BlockingKernelClient

from jupyter_codeact.tests.models.offline_kernel import Talk, kernel, numbers

EXAMPLE = Path(__file__).parents[3] / "examples" / "deliveries.csv"
SALES = pd.DataFrame({"Stadt": ["München", "Köln", "Zürich", "Köln"] * 5, "Umsatz": [1234.5, 99.25, 17.75, 2.5] * 5})
QUESTION = "average umsatz by stadt"
ANSWER = "München 1234.500 (n = 5), Köln 50.875 (n = 10), Zürich 17.750 (n = 5)"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlockingKernelClient]:
    with kernel(tmp_path_factory.mktemp("kernel")) as client:
        yield client


@pytest.fixture
def talk(client: BlockingKernelClient, tmp_path: Path) -> Talk:
    talk = Talk(client)
    talk.execute(f"import os\nos.chdir({str(tmp_path)!r})\n%reset -f")
    return talk


FORMATS: dict[str, Callable[[Path], object]] = {
    "sales.csv": lambda path: SALES.to_csv(path, index=False),
    "sales.tsv": lambda path: SALES.to_csv(path, index=False, sep="\t"),
    "sales.xlsx": lambda path: SALES.to_excel(path, index=False),
    "sales.json": lambda path: SALES.to_json(path, orient="records"),
    "sales.parquet": SALES.to_parquet,
}


@pytest.mark.parametrize("name", FORMATS)
def test_formats(talk: Talk, tmp_path: Path, name: str) -> None:
    FORMATS[name](tmp_path / name)
    assert ANSWER in talk.ask(QUESTION)
    assert talk.failures == 0
    assert talk.value("len(sales)") == "20"


TROUBLE: dict[str, tuple[Callable[[Path], object], int, str]] = {
    "encoding": (lambda path: SALES.to_csv(path, index=False, encoding="cp1252"), 1, "cp1252"),
    "utf-16": (lambda path: SALES.to_csv(path, index=False, encoding="utf-16"), 1, "utf-16"),
    "semicolon": (lambda path: SALES.to_csv(path, index=False, sep=";", decimal=","), 0, "decimal ','"),
    "tab": (lambda path: SALES.to_csv(path, index=False, sep="\t"), 0, "sep"),
    "both": (
        lambda path: SALES.to_csv(path, index=False, sep=";", decimal=",", encoding="cp1252"),
        1,
        "encoding 'cp1252', sep ';', decimal ','",
    ),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_trouble_is_met_and_repaired(talk: Talk, tmp_path: Path, trouble: str) -> None:
    write, failures, told = TROUBLE[trouble]
    write(tmp_path / "sales.csv")
    answer = talk.ask(QUESTION)
    assert ANSWER in answer
    assert told in answer
    assert talk.failures == failures


def test_lines_above_the_header_and_dotted_thousands(talk: Talk, tmp_path: Path) -> None:
    text = "Sales report\nmade by hand\nregion;sales;when\nNorth;1.234,50;31.12.2024\nSouth;20,25;01.02.2024\n"
    (tmp_path / "report.csv").write_text(text, encoding="utf-8")
    answer = talk.ask("total sales by region")
    assert "North 1234.500 (n = 1), South 20.250 (n = 1)" in answer
    assert "read sales as numbers; read when as dates" in answer
    assert talk.failures == 1


def test_lines_with_too_many_fields_are_left_out_and_named(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "extra.csv").write_text("a,b\n1,2\n3,4\n5,6,7\n8,9\n", encoding="utf-8")
    answer = talk.ask("profile extra.csv")
    assert "3 rows and 2 columns" in answer
    assert "Lines with too many fields are left out." in answer


def test_json_lines_and_nested_json(talk: Talk, tmp_path: Path) -> None:
    SALES.to_json(tmp_path / "lines.json", orient="records", lines=True)
    (tmp_path / "nested.json").write_text(json.dumps([{"city": "A", "sold": {"x": [1, 2]}}] * 3))
    assert ANSWER in talk.ask(f"{QUESTION} in lines.json")
    assert "3 rows and 2 columns" in talk.ask("profile nested.json")


def test_an_unreadable_file_is_named_with_its_error(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("")
    answer = talk.ask("profile empty.csv")
    assert "EmptyDataError: No columns to parse from file" in answer
    assert len(talk.cells) == 1


def test_no_data_says_what_to_do(talk: Talk) -> None:
    assert "no data file" in talk.ask("average price by region")


def test_a_file_that_is_not_there(talk: Talk, tmp_path: Path) -> None:
    FORMATS["sales.csv"](tmp_path / "sales.csv")
    answer = talk.ask("profile costs.csv")
    assert "cannot find `costs.csv`" in answer
    assert "`sales.csv`" in answer
    assert "20 rows" in talk.ask("profile sales.csv")


def test_what_data_is_here(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name, write in FORMATS.items():
        write(tmp_path / "below" / name)
    shutil.copy(EXAMPLE, tmp_path)
    talk.execute('import pandas as pd\nmine = pd.DataFrame({"city": list("abab"), "price": range(4)})')
    answer = talk.ask("What data is here?")
    assert "- table `mine`: 4 rows, 2 columns" in answer
    assert f"- file `deliveries.csv`: {len(pd.read_csv(EXAMPLE))} rows, 12 columns" in answer
    for name in FORMATS:
        assert f"- file `below/{name}`: 20 rows, 2 columns" in answer
    assert "Profile mine" in answer
    assert talk.failures == 0


def test_the_data_in_this_folder_is_profiled_or_asked_for(talk: Talk, tmp_path: Path) -> None:
    FORMATS["sales.csv"](tmp_path / "sales.csv")
    assert "20 rows and 2 columns" in talk.ask("Profile the data in this folder")
    FORMATS["sales.csv"](tmp_path / "other.csv")
    assert talk.ask("Profile the data in this folder") == "Which of these do you mean?\n\n- `other.csv`\n- `sales.csv`"


def test_the_main_trend_is_plotted_where_there_are_dates(talk: Talk, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    answer = talk.ask("Plot the main trend")
    frame = pd.read_csv(EXAMPLE).drop_duplicates()
    price = frame["price"].str.replace("$", "").str.replace(",", "").astype(float)
    months = price.groupby(pd.to_datetime(frame["order_date"]).dt.to_period("M")).mean()
    first, last = (f"{months.iloc[place]:.3f} ({months.index[place]})" for place in (0, -1))
    assert f"The mean of `price` per month goes from {first} to {last}." in answer
    assert talk.images == 1
    FORMATS["sales.csv"](tmp_path / "sales.csv")
    answer = talk.ask("Plot the main trend of sales.csv")
    assert "no column of dates" in answer
    assert "Plot the average Umsatz by Stadt" in answer


def test_a_file_in_a_folder_below_is_found(talk: Talk, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    FORMATS["sales.csv"](tmp_path / "data" / "sales.csv")
    assert ANSWER in talk.ask(f"{QUESTION} in sales.csv")
    assert [title.split(":")[0] for title in talk.titles[:3]] == [
        "Load sales.csv",
        "Look around",
        "Load data/sales.csv",
    ]


def test_a_table_in_memory_is_used(talk: Talk, tmp_path: Path) -> None:
    FORMATS["sales.csv"](tmp_path / "sales.csv")
    talk.execute('import pandas as pd\ndf = pd.DataFrame({"city": list("abab") * 20, "price": range(80)})')
    answer = talk.ask("average price by city")
    assert "b 40.000 (n = 40), a 39.000 (n = 40)" in answer
    assert not any(title.startswith("Load") for title in talk.titles)


def test_the_notebook_tells_which_file(talk: Talk, tmp_path: Path) -> None:
    FORMATS["sales.csv"](tmp_path / "sales.csv")
    FORMATS["sales.csv"](tmp_path / "other.csv")
    assert "20 rows" in talk.ask("describe the data", notebook='# cell a (code)\npd.read_csv("other.csv")')
    assert talk.titles[1] == "Load other.csv"


def test_names_of_the_user_are_left_alone(talk: Talk, tmp_path: Path) -> None:
    FORMATS["sales.csv"](tmp_path / "sales.csv")
    talk.execute("sales = 'mine'; axes = numbers = groups = rows = train = test = model = column = 7")
    talk.ask("what drives umsatz?")
    assert "Baseline model of Umsatz: random forest, scored on held-out rows" in talk.titles
    assert talk.value("sales") == "'mine'"
    assert talk.value("{axes, numbers, groups, rows, train, test, model, column}") == "{7}"
    assert talk.value("len(sales_2)") == "20"


def test_late_deliveries(talk: Talk, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    answer = talk.ask("Profile deliveries.csv and show what drives late deliveries")
    late = independent_late()
    assert f"{int(late['late'].sum())} of {len(late)} rows are late, a rate of {late['late'].mean():.3f}" in answer
    weather = late.groupby("weather")["late"].mean()
    assert f"from {weather.min():.3f} (clear) to {weather.max():.3f} ({weather.idxmax()})" in answer
    assert f"`distance_km` {late['distance_km'].corr(late['late']):.3f}" in answer
    assert "Late means that `delivered_date` is after `promised_date`." in answer
    assert numbers(answer) - {24.0} <= numbers("\n".join(talk.observations))
    assert talk.images >= 2
    assert len(talk.cells) >= 6
    assert talk.failures == 0
    assert len(answer) < 1800


def independent_late() -> pd.DataFrame:
    """The deliveries with both dates, once each, without those delivered before they were ordered."""
    frame = pd.read_csv(EXAMPLE).drop_duplicates("order_id").dropna(subset=["promised_date", "delivered_date"])
    frame = frame[frame["delivered_date"] >= frame["order_date"]]
    return frame.assign(late=(frame["delivered_date"] > frame["promised_date"]).astype(float))


def test_prices_kept_as_text_are_converted(talk: Talk, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path)
    answer = talk.ask("average price by region")
    frame = pd.read_csv(EXAMPLE).drop_duplicates()
    frame["price"] = frame["price"].str.replace("$", "").str.replace(",", "").astype(float)
    for region, price in frame.groupby("region")["price"].mean().items():
        assert f"{region} {price:.3f}" in answer
    assert "read price as numbers" in answer


def test_without_pandas_the_standard_library_counts(talk: Talk, tmp_path: Path) -> None:
    SALES.to_csv(tmp_path / "sales.csv", index=False, sep=";", encoding="cp1252")
    with talk.hidden("pandas"):
        answer = talk.ask("average umsatz by stadt")
    assert "%pip install pandas" in answer
    assert "`sales.csv` has 20 rows and 2 columns: `Stadt`, `Umsatz`." in answer
    assert "Köln (10)" in answer


def test_without_matplotlib_the_answer_is_text(talk: Talk, tmp_path: Path) -> None:
    FORMATS["sales.csv"](tmp_path / "sales.csv")
    with talk.hidden("matplotlib"):
        answer = talk.ask("plot the average umsatz by stadt")
    assert ANSWER in answer
    assert "%pip install matplotlib" in answer
    assert talk.images == 0


def test_without_scikit_learn_there_is_no_baseline(talk: Talk) -> None:
    talk.execute('import pandas as pd\ndf = pd.DataFrame({"city": list("abab") * 20, "price": range(80)})')
    with talk.hidden("sklearn"):
        answer = talk.ask("predict price")
    assert "%pip install scikit-learn" in answer
    assert "from 39.000 (a) to 40.000 (b)" in answer
