"""The panel in a real browser: a long conversation against a short one and against JupyterLab itself.

Each round opens JupyterLab twice in a Chromium of its own. One page opens the long notebook (JupyterLab's own time),
then its conversation (ours), and asks for a reply of 200 pieces a second; the other asks for the same in an empty
conversation about a copy of that notebook. What a page does is counted by the browser: frames drawn, tasks over 50 ms,
time spent in script and layout, bytes of the heap.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from benchmarks.browser import Page, browser, page
from benchmarks.conversation import write
from benchmarks.measure import Line, Sample, percentile, print_table
from benchmarks.scripts import ASK, FRAMES, OPEN_CONVERSATION, OPEN_NOTEBOOK, READY, REST, SCROLL, SHOW_PANEL, WATCH
from benchmarks.server import TOKEN, Server, jupyter_server
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Reply

LABEXTENSION = Path(__file__).parents[1] / "jupyter_codeact" / "labextension"
PIECE_CHARS = 4
DELAY = 0.005
"""Seconds between two pieces: 200 a second."""
IDLE_SECONDS = 2.0
FRAME = 1000 / 60


def reply(pieces: int) -> str:
    """Markdown of so many pieces: paragraphs, a list and a table in turns."""
    part = (
        "The **mean** delay is 3.2 days, which is more than the *median* of 1.1 days says.\n\n"
        "- carriers differ most\n- regions differ less, and only in winter\n- weights do not matter at all\n\n"
        "| carrier | late | share |\n| --- | ---: | ---: |\n| North | 120 | 0.31 |\n| South | 88 | 0.22 |\n\n"
    )
    whole = part * (1 + pieces * PIECE_CHARS // len(part))
    return whole[: pieces * PIECE_CHARS - 8].rstrip() + "\n\nThe end."


@contextmanager
def labextensions() -> Iterator[str]:
    """A folder of extensions that has this checkout's, whatever is installed."""
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "jupyter_codeact").symlink_to(LABEXTENSION)
        yield name


async def idle(tab: Page) -> Sample:
    """What an empty JupyterLab takes, doing nothing."""
    await tab.run(READY)
    heap = await tab.heap()
    frames: list[float] = await tab.run(FRAMES, IDLE_SECONDS * 1000)
    return {"heap": heap / 1e6, "late frames": late(frames)}


async def stream(tab: Page) -> Sample:
    """What a reply took, from the question to its end."""
    await tab.run(WATCH)
    before = await tab.metrics()
    await tab.run("() => document.querySelector('#jp-CodeAct-composer').focus()")
    await tab.type("Tell me")
    seen = await tab.run(ASK)
    after = await tab.metrics()
    worked = {
        name: (after[name] - before[name]) * 1000 for name in ("TaskDuration", "ScriptDuration", "LayoutDuration")
    }
    return {
        "main thread": worked["TaskDuration"],
        "script": worked["ScriptDuration"],
        "layout": worked["LayoutDuration"],
        "late frames": late(seen["frames"]),
        "99th percentile frame": percentile(seen["frames"], 99),
        "long tasks": len(seen["tasks"]),
        "longest task": max(seen["tasks"], default=0),
        "heap": await tab.heap() / 1e6,
    }


def late(frames: Sequence[float]) -> float:
    """The part of the time in which a frame was due that was not drawn, in percent."""
    return 100 * sum(max(0.0, frame - 1.5 * FRAME) for frame in frames) / sum(frames)


async def long_round(address: str, url: str, notebook: str) -> Mapping[str, Sample]:
    """A page with the long conversation."""
    async with page(address, url) as tab:
        empty = await idle(tab)
        lab = await tab.run(OPEN_NOTEBOOK, notebook)
        await tab.run(SHOW_PANEL, True)
        opened = await tab.run(OPEN_CONVERSATION)
        heap = await tab.heap() / 1e6
        await tab.run(REST)
        frames: list[float] = await tab.run(SCROLL)
        streamed = await stream(tab)
    return {
        "empty": empty,
        "JupyterLab's notebook": {"open": lab, "heap": empty["heap"]},
        "opened": {"open": opened["seconds"] * 1000, "heap": heap, "items": opened["items"], "cards": opened["cards"]},
        "scrolled": {"late frames": late(frames), "99th percentile frame": percentile(frames, 99)},
        "streamed": streamed,
    }


async def short_round(address: str, url: str, notebook: str) -> Sample:
    """What the same reply takes in a conversation that begins with it."""
    async with page(address, url) as tab:
        await tab.run(READY)
        await tab.run(OPEN_NOTEBOOK, notebook)
        await tab.run(SHOW_PANEL, False)
        await tab.run(REST)
        return await stream(tab)


async def compare(rounds: int, steps: int, images: int, pieces: int) -> None:
    """The tables are printed."""
    answer = Reply(reply(pieces), chunk_chars=PIECE_CHARS, delay=DELAY)
    async with Endpoint([answer], repeat=True) as endpoint, browser() as address:
        with labextensions() as extensions:
            async with jupyter_server(configuration(endpoint.base_url, extensions)) as server:
                longs, shorts = [], []
                for number in range(rounds + 1):
                    _prepare(server, number, steps, images)
                    url = f"http://127.0.0.1:{server.port}/lab/workspaces/round{number}?token={TOKEN}&reset"
                    long = await long_round(address, url, f"long-{number}.ipynb")
                    short = await short_round(address, url, f"short-{number}.ipynb")
                    if number:  # the first warms up
                        longs.append(long)
                        shorts.append(short)
    _print(steps, images, pieces, longs, shorts)


def configuration(base_url: str, extensions: str) -> dict[str, object]:
    """What a server is told that shows the panel and asks the endpoint at `base_url`, without approval."""
    return {
        "ServerApp": {"jpserver_extensions": {"jupyterlab": True, "jupyter_codeact": True}},
        "LabApp": {
            "expose_app_in_browser": True,
            "extra_labextensions_path": [extensions],
            "news_url": None,
            "workspaces_dir": extensions,
        },
        "CodeAct": {"base_url": base_url, "model": "scripted", "api_key": "benchmark", "approval": "auto"},
    }


def _prepare(server: Server, number: int, steps: int, images: int) -> None:
    """The notebook of round `number` is there with its long conversation, and a copy of it that has none."""
    folder = server.log.parent
    write(folder, f"long-{number}", steps, images)
    shutil.copy(folder / f"long-{number}.ipynb", folder / f"short-{number}.ipynb")


def _print(steps: int, images: int, pieces: int, longs: list[Mapping[str, Sample]], shorts: list[Sample]) -> None:
    print(
        f"### Opening a conversation of {steps} steps with {images} images, against JupyterLab opening its notebook\n"
    )
    print_table([(each["opened"], each["JupyterLab's notebook"]) for each in longs], [Line("open", "ms", 0.5)])
    opened = longs[-1]["opened"]
    print(f"Of {opened['items']:.0f} items {opened['cards']:.0f} cards are in the page.", end=" ")
    for name in ("empty", "scrolled", "streamed"):
        print(f"Late frames, {name}: {median(each[name]['late frames'] for each in longs):.1f} %.", end=" ")
    print("\n\nThe heap, against the empty JupyterLab:\n")
    print_table([(each["opened"], each["JupyterLab's notebook"]) for each in longs], [Line("heap", "MB")])
    print(f"### A reply of {pieces} pieces, 200 a second, in that conversation, against the same in an empty one\n")
    pairs = [(long["streamed"], short) for long, short in zip(longs, shorts, strict=True)]
    print_table(
        pairs,
        [
            Line("main thread", "ms", 1.1),
            Line("script", "ms", 1.1),
            Line("layout", "ms"),
            Line("99th percentile frame", "ms"),
        ],
    )
    for name in ("late frames", "long tasks", "longest task"):
        values = [[f"{side[name]:.3g}" for side in pair] for pair in pairs]
        print(f"{name}: {', '.join(' / '.join(pair) for pair in values)}")


def main() -> None:
    """Prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=500)
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--pieces", type=int, default=1600, help="pieces of the reply, of four characters each")
    options = parser.parse_args()
    asyncio.run(compare(options.rounds, options.steps, options.images, options.pieces))


if __name__ == "__main__":
    main()
