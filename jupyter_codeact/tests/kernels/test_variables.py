"""The variables of a real kernel are read without a trace, whatever they are."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import AsyncKernelManager

from jupyter_codeact.events import Column, Variable
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.kernels.local import local_kernel
from jupyter_codeact.kernels.variables import BUSY, NO_KERNEL, Reading, read_variables

from .playing import User, begin, run, until

pytestmark = pytest.mark.asyncio(loop_scope="module")

NASTY = """
import time as _time
class Slow:
    def _wait(self, *arguments):
        _time.sleep(60)
    __repr__ = __str__ = __len__ = __iter__ = __eq__ = __getattr__ = __hash__ = __bool__ = _wait
class Meta(type):
    def __hash__(cls): _time.sleep(60)
    def __eq__(cls, other): _time.sleep(60)
    def __getattribute__(cls, name): _time.sleep(60)
    @property
    def __name__(cls): _time.sleep(60)
class Odd(metaclass=Meta):
    pass
slow, odd, inside, entry, Lied = Slow(), Odd(), [Slow()], {1: Slow()}, type("int", (int,), {"__repr__": Slow._wait})
lied = Lied(7)
huge, text = 10 ** 100_000, "x" * 50_000_000
"""
TABLES = """
import math, numpy as np, pandas as pd, typing
from datetime import date
def helper(): pass
class Model: pass
Number = typing.Union[int, float]
_private, n, name, when, empty = 1, 42, "S\\u00fcd", date(2024, 5, 1), []
pairs, numbers = {"a": 1, "b": [2]}, [1, 2, 3, 4]
sales = pd.DataFrame({"region": ["S\\u00fcd", "Nord"] * 3, "price": [1.5] * 6, 3: [Model()] * 6})
prices, grid, model = sales["price"], np.zeros((3, 4)), Model()
tagged = pd.DataFrame({"a": [1]})
tagged.attrs["source"] = Model()
"""
STATE = (
    "[sorted(dir()), sorted(globals()), In, Out, _, __, _i, get_ipython().execution_count, "
    "len(get_ipython().history_manager.input_hist_raw), sorted(__import__('sys').modules)]"
)


async def state(user: User) -> str:
    """What the user could notice, looked at without a trace of its own."""
    request = user._client.execute("", silent=True, store_history=False, user_expressions={"state": STATE})
    answer: dict[str, Any] = (await user.reply(request))["user_expressions"]["state"]
    assert answer["status"] == "ok"
    return str(answer["data"]["text/plain"])


def of(reading: Reading) -> dict[str, Variable]:
    """The variables by name."""
    return {variable.name: variable for variable in reading.variables}


async def test_tables_come_first_and_tell_their_columns(
    environment: KernelEnvironment, manager: AsyncKernelManager
) -> None:
    await run(environment, "%reset -f")
    await run(environment, TABLES)
    reading = await read_variables(manager, "python")
    assert reading.note == ""
    found = of(reading)
    assert {*list(found)[:4]} == {"sales", "prices", "grid", "tagged"}
    assert not {"math", "np", "helper", "Model", "Number", "_private", "In", "Out", "exit"} & found.keys()
    assert found["sales"] == Variable(
        name="sales",
        type="pandas.DataFrame",
        summary="6 rows x 3 columns",
        columns=(
            Column(name="region", dtype="str"),
            Column(name="price", dtype="float64"),
            Column(name="3", dtype="object"),
        ),
        rows="Süd | 1.5 | <Model>\nNord | 1.5 | <Model>\nSüd | 1.5 | <Model>",
    )
    assert found["prices"].summary == "6 values, float64: 1.5, 1.5, 1.5, ..."
    assert (found["grid"].type, found["grid"].summary) == ("numpy.ndarray", "3 x 4, float64")
    assert (found["tagged"].columns, found["tagged"].rows) == ((Column(name="a", dtype="int64"),), "")
    summaries = {name: found[name].summary for name in ("n", "name", "when", "empty", "pairs", "numbers", "model")}
    assert summaries == {
        "n": "42",
        "name": "'Süd'",
        "when": "2024-05-01",
        "empty": "0 items",
        "pairs": "2 entries: 'a': 1, 'b': <list>",
        "numbers": "4 items: 1, 2, 3, ...",
        "model": "",
    }


async def test_what_is_asked_for_by_name_is_told_in_detail(
    environment: KernelEnvironment, manager: AsyncKernelManager
) -> None:
    await run(environment, TABLES)
    names = ["sales", "sales.price", "sales['region']", "sales.nothing", "nothing", "n"]
    reading = await read_variables(manager, "python", names, listed=False)
    assert reading.variables == ()
    sales, price, region, no_column, no_variable, n = reading.wanted
    assert sales is not None
    assert sales.rows.count("\n") == 5
    assert price is not None
    assert (price.name, price.summary) == ("sales.price", "6 values, float64: 1.5, 1.5, 1.5, 1.5, 1.5, 1.5")
    assert region is not None
    assert region.summary.startswith("6 values, str: 'Süd', 'Nord'")
    assert (no_column, no_variable) == (None, None)
    assert n == Variable(name="n", type="int", summary="42")


async def test_nothing_of_the_users_runs(environment: KernelEnvironment, manager: AsyncKernelManager) -> None:
    """Each of these would take a minute, or print for ever, if it were looked into."""
    await run(environment, "%reset -f")
    await run(environment, NASTY)
    reading = await read_variables(manager, "python")
    assert reading.note == ""
    found = of(reading)
    assert found["slow"] == Variable(name="slow", type="Slow")
    assert found["odd"].type == "Odd"
    assert found["inside"].summary == "1 items: <Slow>"
    assert found["entry"].summary == "1 entries: 1: <Slow>"
    assert found["lied"] == Variable(name="lied", type="int")
    assert found["huge"].summary == "a number of 332,193 bits"
    assert found["text"].summary == "'" + "x" * 60 + "' and 49,999,940 more"
    await run(environment, "%reset -f")


async def test_the_user_notices_nothing(
    environment: KernelEnvironment, manager: AsyncKernelManager, user: User
) -> None:
    await run(environment, "%reset -f")
    await run(environment, TABLES)
    await run(environment, "6 * 7")
    before = await state(user)
    assert "42" in before
    assert len((await read_variables(manager, "python", ["sales", "sales.price"])).variables) > 8
    assert await state(user) == before
    ran = await run(environment, "print(_, In[-2:])")
    assert ran.text == "42 ['6 * 7', 'print(_, In[-2:])']\n"


async def test_a_changed_namespace_does_not_matter(environment: KernelEnvironment, manager: AsyncKernelManager) -> None:
    await run(environment, "%reset -f")
    await run(environment, "exec = eval = globals = get_ipython = json = sys = type = len = repr = 5")
    reading = await read_variables(manager, "python")
    assert reading.note == ""
    assert of(reading)["len"].summary == "5"
    await run(environment, "del exec, eval, globals, get_ipython, json, sys, type, len, repr")


async def test_a_deleted_table_is_not_kept_alive(environment: KernelEnvironment, manager: AsyncKernelManager) -> None:
    await run(environment, "%reset -f")
    await run(
        environment,
        "import gc, weakref, pandas as pd\ngc.disable()\ntable = pd.DataFrame({'a': [1]})\n_ref = weakref.ref(table)",
    )
    await read_variables(manager, "python", ["table", "table.a"])
    ran = await run(environment, "del table\nprint(_ref())\ngc.enable()")
    assert ran.text == "None\n"


async def test_a_busy_kernel_is_not_waited_for(
    environment: KernelEnvironment, manager: AsyncKernelManager, user: User
) -> None:
    ran, task = begin(environment, "import time; print(1, flush=True); time.sleep(4)")
    await until(ran.put_out, task)
    began = time.monotonic()
    reading = await read_variables(manager, "python")
    assert 1.5 < time.monotonic() - began < 3
    assert (reading.variables, reading.note) == ((), BUSY)
    assert reading.process  # which the control channel tells all the same
    await task
    assert (await read_variables(manager, "python")).note == ""


async def test_a_restart_is_another_process() -> None:
    async with local_kernel() as manager:
        first, again = [await read_variables(manager, "python", listed=False, seconds=30) for _ in range(2)]
        await manager.restart_kernel(now=True)
        other = await read_variables(manager, "python", listed=False, seconds=30)
    assert first.process == again.process != ""
    assert other.process not in ("", first.process)


async def test_a_kernel_that_answers_late_is_sent_nothing_twice(tmp_path: Path) -> None:
    manager = AsyncKernelManager()
    with (tmp_path / "log").open("wb") as log:
        await manager.start_kernel(stdout=log, stderr=log)
    environment = KernelEnvironment(manager)
    try:
        await environment.connect()
        # The call keeps Python's lock: not even the control channel is answered meanwhile.
        ran, task = begin(environment, "import ctypes\nprint(1, flush=True)\nctypes.PyDLL(None).sleep(2)")
        await until(ran.put_out, task)
        reading = await read_variables(manager, "python", listed=False, seconds=30)
        assert reading.process
        await task
        assert (await run(environment, "print('heard')")).text == "heard\n"
    finally:
        await environment.close()
        await manager.shutdown_kernel(now=True)
    assert "Duplicate Signature" not in (tmp_path / "log").read_text("utf-8")


async def test_a_language_without_a_reader_says_so(manager: AsyncKernelManager) -> None:
    reading = await read_variables(manager, "cobol", ["x"])
    assert reading.note == "The variables of a kernel for cobol are not read."
    assert reading.process


async def test_without_a_kernel_there_are_none() -> None:
    async with local_kernel() as manager:
        await manager.shutdown_kernel(now=True)
        assert (await read_variables(manager, "python")).note == NO_KERNEL


async def test_two_at_once_do_not_meet(environment: KernelEnvironment, manager: AsyncKernelManager) -> None:
    await run(environment, "n = 42")
    readings = await asyncio.gather(*(read_variables(manager, "python") for _ in range(3)), run(environment, "n += 1"))
    assert all(of(reading)["n"].summary in ("42", "43") for reading in readings[:3] if isinstance(reading, Reading))
