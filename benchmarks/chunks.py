"""What a piece of a reply costs the processor, from the endpoint's bytes to the frame for the browser.

Ours is what the server does: the model's stream, the reader of the reply, a notice in the journal, a follower that
makes a frame of it. The baseline is openai's typed iterator and a frame for each chunk. The endpoint is another
process, and only this one's time counts; both read the same reply, as fast as it comes or, with `--delay`, at a pace.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from contextlib import aclosing

import openai

from benchmarks.measure import Line, Sample, alternate, print_table
from benchmarks.reply import endpoint_process, task
from jupyter_codeact.agent.reply import ReplyReader
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.notices import ReplyDelta

PIECES = 5000


class Meter:
    """Processor time of this process, all threads, since it was made."""

    def __init__(self) -> None:
        self._began = time.process_time()

    def sample(self, pieces: int) -> Sample:
        """Microseconds a piece."""
        return {"a piece": (time.process_time() - self._began) / pieces * 1e6}


async def ours(model: OpenAIModel, pieces: int, delay: float) -> Sample:
    """The reply, read and followed; all its text reached the frames."""
    journal = MemoryJournal()
    frames: list[str] = []

    async def follow() -> None:
        async with aclosing(journal.follow()) as items:
            async for item in items:
                _send(item.model_dump_json() if isinstance(item, ReplyDelta) else "", frames)

    following = asyncio.create_task(follow())
    await asyncio.sleep(0)
    sent = [{"role": "user", "content": task(pieces, delay)}]
    reader = ReplyReader(sent, step=1, seen_seq=0, action_format="fenced", language="python")
    meter = Meter()
    replied = await reader.read(model, journal, lambda state, detail="": None)
    await asyncio.sleep(0)
    sample = meter.sample(pieces)
    following.cancel()
    assert "".join(json.loads(frame)["text"] for frame in frames) == replied.text
    assert len(replied.text.split()) == pieces
    return sample


async def typed(client: openai.AsyncOpenAI, pieces: int, delay: float) -> Sample:
    """The same reply through openai's iterator."""
    frames: list[str] = []
    meter = Meter()
    stream = await client.chat.completions.create(
        model="timed", messages=[{"role": "user", "content": task(pieces, delay)}], stream=True
    )
    async for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            _send(json.dumps({"kind": "reply_delta", "step": 1, "text": chunk.choices[0].delta.content}), frames)
    sample = meter.sample(pieces)
    assert len(frames) == pieces
    return sample


def _send(frame: str, frames: list[str]) -> None:
    """One frame more, unless it is empty."""
    if frame:
        frames.append(frame)


async def compare(rounds: int, pieces: int, delay: float) -> None:
    """The table is printed."""
    with endpoint_process() as base_url:
        model = OpenAIModel(base_url, "benchmark", "timed")
        async with openai.AsyncOpenAI(base_url=base_url, api_key="benchmark") as client:
            print(f"### {pieces:,} pieces, {f'{1 / delay:.0f} a second' if delay else 'as fast as possible'} (P3)\n")
            pairs = await alternate(rounds, lambda: ours(model, pieces, delay), lambda: typed(client, pieces, delay))
        await model.aclose()
    print_table(pairs, [Line("a piece", "µs", most_ratio=0.10)])


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--pieces", type=int, default=PIECES)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between two pieces")
    options = parser.parse_args()
    asyncio.run(compare(options.rounds, options.pieces, options.delay))


if __name__ == "__main__":
    main()
