"""An answer that streams into the panel, against the same text appended to a plain `<pre>` at the same pace.

Each round opens a JupyterLab, watches its frames while it does nothing, appends the text to a `<pre>` in it, and then,
in a page of its own, asks for the text as a reply: 2,330 pieces of four characters, 200 a second. Work is counted in
processor time of the page's main thread, which a busy machine changes less than the frames: these are to be read
against those of the JupyterLab that does nothing.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.browser import Page, browser, page
from benchmarks.conversation import write
from benchmarks.measure import Line, Sample, percentile, print_table
from benchmarks.panel import DELAY, FRAME, PIECE_CHARS, configuration, labextensions, late, reply
from benchmarks.scripts import APPEND, ASK, FRAMES, OPEN_NOTEBOOK, READY, REST, SHOW_PANEL, WATCH
from benchmarks.server import TOKEN, jupyter_server
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Reply

IDLE_SECONDS = 4.0
COUNTERS = {"main thread": "TaskDuration", "script": "ScriptDuration", "layout and style": "LayoutDuration"}


async def working(tab: Page) -> dict[str, float]:
    """Seconds of the main thread so far, by what they went into."""
    counted = await tab.metrics()
    worked = {name: counted[counter] for name, counter in COUNTERS.items()}
    worked["layout and style"] += counted["RecalcStyleDuration"]
    return worked


def sample(before: Mapping[str, float], after: Mapping[str, float], seen: Mapping[str, Sequence[float]]) -> Sample:
    """What was done between two looks at the counters, in ms, and what was seen of frames and long tasks."""
    return {
        **{name: (after[name] - before[name]) * 1000 for name in before},
        **drawn(seen["frames"]),
        "long tasks": len(seen["tasks"]),
        "longest task": max(seen["tasks"], default=0.0),
    }


def drawn(frames: Sequence[float]) -> dict[str, float]:
    """How even `frames` were."""
    return {
        "frames a second": 1000 * len(frames) / sum(frames),
        "99th percentile frame": percentile(frames, 99),
        "late frames": late(frames),
    }


async def plain_round(address: str, url: str, notebook: str, text: str) -> tuple[Sample, Sample]:
    """A page without the panel: doing nothing, and appending."""
    async with page(address, url, "threadTicks") as tab:
        await tab.run(READY)
        await tab.run(OPEN_NOTEBOOK, notebook)
        await tab.run(REST)
        frames: list[float] = await tab.run(FRAMES, IDLE_SECONDS * 1000)
        before = await working(tab)
        seen = await tab.run(APPEND, text, PIECE_CHARS, DELAY * 1000)
        return drawn(frames), sample(before, await working(tab), seen)


async def our_round(address: str, url: str, notebook: str) -> Sample:
    """A page with the panel, from the question to the end of the answer."""
    async with page(address, url, "threadTicks") as tab:
        await tab.run(READY)
        await tab.run(OPEN_NOTEBOOK, notebook)
        await tab.run(SHOW_PANEL, False)
        await tab.run(REST)
        await tab.run("() => document.querySelector('#jp-CodeAct-composer').focus()")
        await tab.run(WATCH)
        before = await working(tab)
        await tab.type("Tell me")
        seen = await tab.run(ASK)
        return sample(before, await working(tab), seen)


async def compare(rounds: int, pieces: int) -> None:
    """The table is printed."""
    text = reply(pieces)
    answer = Reply(text, chunk_chars=PIECE_CHARS, delay=DELAY)
    pairs: list[tuple[Sample, Sample]] = []
    idles: list[Sample] = []
    async with Endpoint([answer], repeat=True) as endpoint, browser() as address:
        with labextensions() as extensions:
            async with jupyter_server(configuration(endpoint.base_url, extensions)) as server:
                for number in range(rounds + 1):
                    name = f"answer-{number}"
                    write(server.log.parent, name, 0, 0)
                    url = f"http://127.0.0.1:{server.port}/lab/workspaces/{name}?token={TOKEN}&reset"
                    idle, plain = await plain_round(address, url, f"{name}.ipynb", text)
                    ours = await our_round(address, url, f"{name}.ipynb")
                    if number:  # the first warms up
                        idles.append(idle)
                        pairs.append((ours, plain))
    print(f"### An answer of {len(text)} characters in {pieces} pieces, 200 a second, against a `<pre>` appended to\n")
    lines = [Line("main thread", "ms of processor time", 1.0), *(Line(name, "ms") for name in [*COUNTERS][1:])]
    print_table(pairs, lines)
    print("| frames | ours | `<pre>` | JupyterLab doing nothing |\n| --- | ---: | ---: | ---: |")
    columns = [[ours for ours, _ in pairs], [plain for _, plain in pairs], idles]
    for name in ("frames a second", "99th percentile frame", "late frames"):
        print(f"| {name} | {' | '.join(f'{median(each[name] for each in column):.1f}' for column in columns)} |")
    for name in ("long tasks", "longest task"):
        print(f"| {name} | {' | '.join(', '.join(f'{each[name]:.0f}' for each in side) for side in columns[:2])} | |")
    print(f"\nA frame is due every {FRAME:.1f} ms; a task over 50 ms is long.")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pieces", type=int, default=2330, help="pieces of the answer, of four characters each")
    options = parser.parse_args()
    asyncio.run(compare(options.rounds, options.pieces))


if __name__ == "__main__":
    main()
