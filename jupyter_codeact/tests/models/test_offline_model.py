"""The offline analyst as a model: what it replies to messages alone, without a kernel."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from jupyter_codeact.agent.actions import RunCell
from jupyter_codeact.agent.fenced import FencedParser
from jupyter_codeact.agent.prompts import system_prompt
from jupyter_codeact.agent.turns import block
from jupyter_codeact.models.analyst.frame import Column, Frame
from jupyter_codeact.models.analyst.loading import sniffed, variable
from jupyter_codeact.models.analyst.printed import table
from jupyter_codeact.models.analyst.questions import understand
from jupyter_codeact.models.model import Delta, Message, Model, ReplyEnd
from jupyter_codeact.models.offline_model import OfflineModel, reply

EXAMPLES = Path(__file__).parents[3] / "examples"
LOOK = "No variables match your requested type.\nPath\t data_file\t\nfile: tips.csv"
LOADED = "rows: 4, columns: 3\n   tip  day size"
DESCRIBED = """\
rows: 4, columns: 3, duplicated rows: 0
         type  missing  unique  min             examples
tip   float64        0       4  1.0  1.0 | 2.0 | 3.0
day       str        1       2  NaN             Sun | Sat
size    int64        0       2  2.0                 2 | 3
day: {'Sun': 2, 'Sat': 1}"""


def user(*blocks: str) -> Message:
    return {"role": "user", "content": "\n".join(blocks)}


def seen(output: str, status: str = "ok") -> str:
    return block("observation", f"cell 1, 0.1 s, {status}\n{output}")


def conversation(question: str, *observations: str) -> list[Message]:
    """The messages after the analyst's cells for `question` have brought these observations."""
    messages: list[Message] = [{"role": "system", "content": "Act by code."}, user(block("message", question))]
    for observation in observations:
        messages.append({"role": "assistant", "content": reply(messages)})
        messages.append(user(observation))
    return messages


async def test_it_streams_what_it_replies() -> None:
    model: Model = OfflineModel()
    messages = conversation("profile tips.csv")
    chunks = [chunk async for chunk in model.stream(messages)]
    assert "".join(chunk.text for chunk in chunks[:-1] if isinstance(chunk, Delta)) == reply(messages)
    assert len(chunks) > 2
    assert chunks[-1] == ReplyEnd("stop", None)
    assert (model.name, model.connection) == ("offline-analyst", "built-in")


def test_a_reply_is_a_sentence_and_one_python_cell() -> None:
    said = reply(conversation("profile tips.csv"))
    action = FencedParser("python").feed(said)
    assert isinstance(action, RunCell)
    assert ast.parse(action.source).body
    assert said.startswith("I will load `tips.csv`.")
    assert said.count("```") == 2


def test_replies_depend_on_the_messages_alone() -> None:
    messages = conversation("average tip by day", seen(LOOK), seen(LOADED), seen(DESCRIBED))
    assert reply(messages) == reply(messages)
    assert 'tips.groupby("day", observed=True)["tip"]' in reply(messages)


def test_parts_and_plain_text_are_understood() -> None:
    text = block("message", "profile tips.csv")
    parts: Message = {"role": "user", "content": [{"type": "text", "text": text}, {"type": "image_url"}]}
    assert reply([parts]) == reply([user(text)]) == reply([user("profile tips.csv")])


def test_numbers_of_the_answer_are_copied_from_the_output() -> None:
    output = "      mean  count\nday               \nSun  123.456      2\nSat   -7.000      1"
    answer = reply(conversation("average tip by day", seen(LOOK), seen(LOADED), seen(DESCRIBED), seen(output)))
    assert answer == "- The mean of `tip` by day: Sun 123.456 (n = 2), Sat -7.000 (n = 1)."


def test_an_interrupted_cell_is_not_run_again() -> None:
    messages = conversation("average tip by day", seen(LOOK), seen("", "interrupted"))
    assert "was interrupted" in reply(messages)
    assert "```" not in reply(messages)
    messages += [
        {"role": "assistant", "content": reply(messages)},
        user(block("message", "please go on: average tip by day")),
    ]
    assert "# Load tips.csv" in reply(messages)


def test_a_rejected_cell_ends_the_attempt() -> None:
    rejected = block("observation", "The user rejected this cell; it was not run. The user's note: ok, but not now")
    assert "was not run" in reply(conversation("average tip by day", seen(LOOK), rejected))


def test_a_lost_kernel_is_told_and_everything_done_anew() -> None:
    messages = conversation("average tip by day", seen(LOOK), seen(LOADED), seen("The kernel went away", "lost"))
    assert "its variables are gone" in reply(messages)
    messages += [{"role": "assistant", "content": reply(messages)}, user(block("message", "average tip by day"))]
    assert "# Look around" in reply(messages)


def test_a_restarted_kernel_makes_it_load_again() -> None:
    done = conversation("average tip by day", seen(LOOK), seen(LOADED), seen(DESCRIBED))
    news = block("news", "The kernel was restarted: its variables and imports are gone")
    again = [*done[:-1], user(seen(DESCRIBED), news)]
    assert "# Look around" in reply(again)


def test_names_in_the_notebook_are_left_alone_unless_they_are_its_own() -> None:
    question, cell = block("message", "profile tips.csv"), "# cell a (code)\n"
    loaded = reply([user(question)]).split("```python\n")[1].removesuffix("```\n")
    for source, name in (("tips = 1", "tips_2"), ("# Load my tips\ntips = get()", "tips_2"), (loaded, "tips")):
        assert f'\n{name} = pd.read_csv("tips.csv")' in reply([user(question, block("notebook", cell + source))])


def test_a_name_that_is_gone_is_loaded_again_once() -> None:
    error = seen("NameError: name 'tips' is not defined\n  Cell In[4], line 2", "error")
    messages = conversation("average tip by day", seen(LOOK), seen(LOADED), seen(DESCRIBED), error)
    assert "# Look around" in reply(messages)
    for output in (seen(LOOK), seen(LOADED), seen(DESCRIBED), error):
        messages += [{"role": "assistant", "content": reply(messages)}, user(output)]
    assert "NameError: name 'tips' is not defined" in reply(messages)
    assert "```" not in reply(messages)


def test_an_edited_cell_is_read_like_any_other() -> None:
    edited = f"The user edited the cell before it ran. What ran:\nprint(1)\n\ncell 3, 0.1 s, ok\n{DESCRIBED}"
    messages = conversation("average tip by day", seen(LOOK), seen(LOADED), block("observation", edited))
    assert "# Mean of tip by day" in reply(messages)


@pytest.mark.parametrize(
    "question", ["write me a poem", "hello", "explain this function", "what is the capital of Peru?"]
)
def test_other_questions_are_declined_with_examples(question: str) -> None:
    messages = conversation(question, seen(LOOK))
    while "```" in (said := reply(messages)):
        messages += [{"role": "assistant", "content": said}, user(seen(LOADED if "# Load" in said else DESCRIBED))]
    assert "rules, not a language model" in said
    assert "tips" in said
    assert "OPENAI_BASE_URL" in said


def test_an_unknown_target_is_asked_for() -> None:
    messages = conversation("what drives happiness?", seen(LOOK), seen(LOADED), seen(DESCRIBED))
    while "```" in (said := reply(messages)):
        messages += [{"role": "assistant", "content": said}, user(seen("      count mean"))]
    assert said == "Which column of `tips` do you mean? It has `tip`, `day`, `size`."


def test_a_new_question_is_not_mixed_with_one_that_was_left_open() -> None:
    two = LOOK + "\nfile: costs.csv"
    messages = conversation("average tip by day", seen(two))
    assert "`costs.csv`" in reply(messages)
    messages += [
        {"role": "assistant", "content": reply(messages)},
        user(block("message", "what is missing in tips.csv?")),
    ]
    for output in (LOADED, DESCRIBED):
        messages += [{"role": "assistant", "content": reply(messages)}, user(seen(output))]
    assert reply(messages).startswith("- Missing values: `day` 1.")


def test_a_kernel_of_another_language_is_named() -> None:
    system: Message = {"role": "system", "content": system_prompt("fenced", "r")}
    said = reply([system, user(block("message", "profile tips.csv"))])
    assert "write Python only; this notebook runs r." in said
    python: Message = {"role": "system", "content": system_prompt("fenced", "python")}
    assert "# Load tips.csv" in reply([python, user(block("message", "profile tips.csv"))])


COLUMNS = tuple(
    Column(name, dtype, 0, unique, examples)
    for name, dtype, unique, examples in (
        ("order_id", "int64", 900, ("1", "2")),
        ("unit_price", "float64", 300, ("1.5",)),
        ("flipper_length_mm", "float64", 300, ("180.5",)),
        ("bill_length_mm", "float64", 300, ("39.1",)),
        ("Region", "str", 4, ("North", "South")),
        ("survived", "int64", 2, ("0", "1")),
        ("total", "float64", 400, ("9.5",)),
        ("fare", "float64", 400, ("7.5",)),
        ("dueDate", "str", 300, ("2024-01-01", "2024-01-02")),
        ("arrived on", "str", 300, ("2024-01-01 10:00",)),
    )
)


@pytest.mark.parametrize(
    ("question", "target", "by", "aggregate"),
    [
        ("average price by region", "unit_price", ["Region"], "mean"),
        ("Average unit price per regions", "unit_price", ["Region"], "mean"),
        ("flipper_length by bill length", "flipper_length_mm", ["bill_length_mm"], ""),
        ("survival rate by region", "survived", ["Region"], "mean"),
        ("total fare per region", "fare", ["Region"], "sum"),
        ("total by region", "total", ["Region"], "sum"),
        ("which region has the highest average fare?", "fare", ["Region"], "mean"),
        ("how many rows are there by region", None, ["Region"], "count"),
    ],
)
def test_columns_are_found_in_the_words(question: str, target: str | None, by: list[str], aggregate: str) -> None:
    task = understand(question, Frame("data", 900, 0, COLUMNS))
    assert (task.target and task.target.name) == target
    assert [column.name for column in task.by] == by
    assert task.aggregate == aggregate


def test_lateness_is_made_of_two_dates() -> None:
    late = understand("what drives late arrivals?", Frame("data", 900, 0, COLUMNS)).late
    assert late is not None
    assert (late.promised.name, late.actual.name) == ("dueDate", "arrived on")


@pytest.mark.parametrize(
    ("example", "fix", "comma"),
    [
        ("$1,234.50", "number", False),
        ("1.234,50", "number", True),
        ("12,5", "number", True),
        ("12 %", "number", False),
        ("2024-01-31", "date", False),
        ("31.12.2024", "date", False),
        ("12 Main Street", "", False),
        ("A-1", "", False),
    ],
)
def test_text_that_is_a_number_or_date_is_noticed(example: str, fix: str, comma: bool) -> None:
    column = Column("value", "object", 0, 50, (example,))
    assert column.fix == fix
    assert column.fix != "number" or column.decimal_comma == comma


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("a,b\n1,2\n3,4\n", {}),
        ("a;b\n1,5;2\n3;4\n", {"sep": ";", "decimal": ","}),
        ("a\tb\n1\t2\n3\t4\n", {"sep": "\t"}),
        ("a|b\n1|2\n3|4\n", {"sep": "|"}),
        ("Title\n\na;b\n1;2\n3;4\n", {"sep": ";", "skiprows": 1}),
    ],
)
def test_delimiters_are_sniffed(text: str, options: dict[str, object]) -> None:
    assert sniffed(text) == options


@pytest.mark.parametrize(
    ("path", "name"),
    [("data/2024 sales.csv", "data_2024_sales"), ("class.csv", "data_class"), ("Tips-2.csv", "tips_2")],
)
def test_variables_are_named_after_the_file(path: str, name: str) -> None:
    assert variable(path) == name


def test_printed_tables_are_read_from_the_right() -> None:
    text = "late by carrier\n      mean  count\ncarrier\nHarbor Freight Co 0.516    308\nA 1  0.1 NaN\n\nother 1 2"
    assert table(text, 2, "late by carrier") == {"Harbor Freight Co": ["0.516", "308"], "A 1": ["0.1", "NaN"]}


def test_the_example_is_what_its_script_writes(tmp_path: Path) -> None:
    namespace: dict[str, object] = {"__name__": "make_deliveries", "__file__": str(tmp_path / "make.py")}
    exec(compile((EXAMPLES / "make_deliveries.py").read_text("utf-8"), "make_deliveries.py", "exec"), namespace)  # noqa: S102
    write = namespace["write"]
    assert callable(write)
    write(tmp_path / "deliveries.csv")
    assert (tmp_path / "deliveries.csv").read_bytes() == (EXAMPLES / "deliveries.csv").read_bytes()
