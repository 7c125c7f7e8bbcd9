"""What of the notebook and its kernel a message tells."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.agent.excerpt import SentCell, SentNotebook, hidden, shown
from jupyter_codeact.agent.turns import message_blocks, split
from jupyter_codeact.events import Column, NotebookContext, UserMessage, Variable

STREAM = {"output_type": "stream", "name": "stdout", "text": "hello\n"}
ERROR = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": ["KeyError: 'x'"]}
PLOT = {
    "output_type": "display_data",
    "data": {"image/png": "iVBORw0KGgo" * 100, "text/plain": "<Figure size 640x480 with 1 Axes>"},
    "metadata": {},
}


def cell(name: str, source: str | None = None, **more: Any) -> SentCell:
    """A cell that holds its name unless something else is given."""
    return SentCell(cell_id=name, source=name if source is None else source, **more)


def told(context: NotebookContext) -> dict[str, str]:
    """What the model reads of it, by tag."""
    return dict(split(message_blocks(UserMessage(message_id="m", text="Hi", context=context))))


def test_a_short_notebook_is_shown_whole_with_its_outputs() -> None:
    cells = (
        cell("a", "# Title", cell_type="markdown"),
        cell("b", "print('hello')", execution_count=3, outputs=(STREAM,)),
        cell("empty", " \n"),
        cell("c", "df['x']", execution_count=4, outputs=(ERROR,)),
    )
    context = shown(SentNotebook(path="x.ipynb", cells=cells, active_cell_id="c"), 2000)
    assert told(context)["notebook"] == (
        "# cell a (markdown)\n# Title\n\n"
        "# cell b (code, [3])\nprint('hello')\n# output of cell b\nhello\n\n"
        "# cell c (code, [4], active)\ndf['x']\n# output of cell c\nKeyError: 'x'"
    )
    assert context.cells_left_out == 0


def test_an_image_is_named_only() -> None:
    context = shown(SentNotebook(cells=(cell("a", outputs=(PLOT,)),)), 2000)
    assert context.cells[0].output == "[image/png, 1 KB, not shown]"


def test_of_a_long_notebook_the_active_cell_its_neighbours_what_ran_last_and_headings_are_shown() -> None:
    cells = [cell(f"c{number}", f"x{number} = 1" * 20) for number in range(40)]
    cells[2] = cell("c2", "# Loading\n" + "words " * 200, cell_type="markdown")
    cells[30] = cell("c30", "y" * 100, execution_count=9)
    cells[35] = cell("c35", "z" * 100, execution_count=8)
    context = shown(SentNotebook(cells=tuple(cells), active_cell_id="c10"), 1180)
    assert [each.cell_id for each in context.cells] == ["c2", "c8", "c9", "c10", "c11", "c12", "c30"]
    assert context.cells[0].source == "# Loading"
    assert context.cells_left_out == 33
    assert told(context)["notebook"].endswith("\n\n[33 more cells are not shown]")


def test_an_active_cell_that_is_too_long_is_cut() -> None:
    context = shown(SentNotebook(cells=(cell("a"), cell("b", "x" * 5000)), active_cell_id="b"), 1000)
    (active,) = [each for each in context.cells if each.cell_id == "b"]
    assert 500 < len(active.source) < 1000
    assert "characters left out" in active.source


def test_the_output_of_the_failed_cell_comes_before_that_of_others() -> None:
    long = {**STREAM, "text": "word " * 1000}
    cells = (
        cell("a", execution_count=9, outputs=(long,)),
        cell("b", execution_count=1, outputs=(ERROR,)),
        cell("c", execution_count=8, outputs=(long,)),
    )
    context = shown(SentNotebook(cells=cells, active_cell_id="c"), 500)
    outputs = {each.cell_id: each.output for each in context.cells}
    assert outputs["b"] == "KeyError: 'x'"
    assert outputs["c"]
    assert not outputs["a"]


def test_variables_are_told_as_far_as_they_fit() -> None:
    columns = tuple(Column(name=f"column{number}", dtype="int64") for number in range(5))
    sales = Variable(name="sales", type="pandas.DataFrame", summary="5 rows", columns=columns[:2], rows="1 | 2\n3 | 4")
    wide = Variable(name="wide", type="pandas.DataFrame", summary="9 rows", columns=columns * 20, rows="1 | 2")
    n = Variable(name="n", type="int", summary="42")
    context = shown(SentNotebook(), 1000, variables=[sales, wide, n], variables_left_out=2, note="The kernel is slow.")
    assert told(context)["variables"] == (
        "sales: pandas.DataFrame, 5 rows\n"
        "  columns: column0 int64, column1 int64\n"
        "  1 | 2\n"
        "  3 | 4\n"
        "wide: pandas.DataFrame, 9 rows\n"
        "n: int, 42\n"
        "[2 more variables are not shown]\n"
        "[The kernel is slow.]"
    )


def test_what_is_hidden_is_not_told_but_the_place_is_known() -> None:
    notebook = SentNotebook(path="x.ipynb", cells=(cell("a"),), active_cell_id="a")
    context = shown(hidden(notebook), 2000)
    assert told(context) == {"message": "Hi"}
    assert context.active_cell_id == "a"
    assert told(shown(notebook, 0, variables=[Variable(name="n", type="int")])) == {"message": "Hi"}


CELLS = st.lists(
    st.builds(
        SentCell,
        cell_id=st.uuids().map(str),
        cell_type=st.sampled_from(["code", "markdown"]),
        source=st.text(max_size=300),
        execution_count=st.none() | st.integers(1, 99),
        outputs=st.lists(st.sampled_from([STREAM, ERROR, PLOT, {}]), max_size=2).map(tuple),
    ),
    max_size=12,
)


@given(CELLS, st.integers(0, 3000), st.integers(0, 20))
def test_the_budget_is_kept_and_every_cell_is_shown_or_counted(cells: list[SentCell], chars: int, active: int) -> None:
    active_id = cells[active].cell_id if active < len(cells) else None
    context = shown(SentNotebook(cells=tuple(cells), active_cell_id=active_id), chars)
    assert sum(len(each.source) + len(each.output) for each in context.cells) <= chars
    order = [each.cell_id for each in cells]
    assert sorted((each.cell_id for each in context.cells), key=order.index) == [e.cell_id for e in context.cells]
    if chars:
        assert len(context.cells) + context.cells_left_out == sum(bool(each.source.strip()) for each in cells)
