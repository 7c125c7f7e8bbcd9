"""What an endpoint can do, found by asking it: whether it really streams, and which parts of a request it takes."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from jupyter_codeact.agent.tool import run_cell_tool
from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.allowed import ALL, Allowed
from jupyter_codeact.models.catalogue import described, list_models
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.listing import ListedModel
from jupyter_codeact.models.model import NO_OPTIONS, Delta, Message, Options, ReplyEnd
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.models.refusals import IMAGES
from jupyter_codeact.models.streaming import Counted, held_back, streams

Level: TypeAlias = Literal["ok", "warn", "fail"]

_COUNT: Message = {
    "role": "user",
    "content": "Count from 1 to 40 in digits, separated by commas. Write nothing else.",
}
_SAY_YES: Message = {"role": "user", "content": "Answer with the word yes."}
_STOP = "\n\nEND OF COUNT"
# 32 white pixels square: some models refuse images with sides below 28.
_IMAGE = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJklEQVR42u3NMQ0AAAwDoPo33arYsQQMkB6LQCAQCAQCgUAg"
    "+BIMi1X0ptsIcT0AAAAASUVORK5CYII="
)
_SEE: Message = {
    "role": "user",
    "content": [
        {"type": "text", "text": "Answer with the word yes."},
        {"type": "image_url", "image_url": {"url": _IMAGE}},
    ],
}
# A local server may read a large model from disk before its first word.
_COLD_START_SECONDS = 180.0


@dataclass(frozen=True)
class CheckRow:
    """One finding about a connection: `detail` says what was seen, `action` what to do, empty when nothing."""

    name: str
    level: Level
    detail: str
    action: str = ""


async def check(
    connection: Connection, allowed: Allowed = ALL, *, first_byte_seconds: float = _COLD_START_SECONDS
) -> list[CheckRow]:
    """What was found: reachable, model, context length; then, by a few short replies, streaming, usage, stop strings,
    tool calls and images.

    Never raises.
    """
    rows: list[CheckRow] = []
    try:
        models = [model for model in await list_models(connection) if allowed.model(model.name)]
        rows.append(CheckRow("reachable", "ok", f"{connection.host} answers"))
    except ModelError as error:
        # Endpoints may do without a list, or keep it from some keys; the reply below tells the rest.
        models = []
        hopeless = {"unreachable", "timeout"} if connection.model else {"unreachable", "timeout", "unauthorized"}
        if error.reason in hopeless:
            return [_row("reachable", "fail", error)]
        rows.append(_row("reachable", "warn", error))
    rows.append(_listed(connection, models))
    if rows[-1].level == "fail":
        return rows
    chosen = described(connection if connection.model else replace(connection, model=models[0].name), models)
    rows.append(_context(chosen))
    tried = await _try(chosen, first_byte_seconds)
    if tried[0].level == "fail":
        return rows + tried
    # The model is awake now; these two do not depend on each other.
    return [
        *rows,
        *tried,
        *await asyncio.gather(_tools(chosen, first_byte_seconds), _images(chosen, first_byte_seconds)),
    ]


async def _try(connection: Connection, first_byte_seconds: float) -> list[CheckRow]:
    """A reply long enough to see whether it flows. One that seems held back is asked for again: the wait before the
    first may have been the model's loading."""
    model = OpenAIModel.of(connection, stop=[_STOP], retries=0, first_byte_seconds=first_byte_seconds)
    try:
        counted = await _ask(model, _COUNT)
        if held_back(counted):
            counted = await _ask(model, _COUNT)
    except ModelError as error:
        return [_row("streams", "fail", error)]
    finally:
        await model.aclose()
    level, detail, action = streams(counted)
    return [
        CheckRow("streams", level, detail, action),
        CheckRow("usage", "ok", "the endpoint counts tokens")
        if counted.usage
        else CheckRow("usage", "warn", "the endpoint does not count tokens", "budgets will use estimates"),
        CheckRow("stop strings", "warn", "the endpoint refuses stop strings", "use the action format 'fenced'")
        if "stop" in model.refused
        else CheckRow("stop strings", "ok", "accepted"),
    ]


async def _tools(connection: Connection, first_byte_seconds: float) -> CheckRow:
    """Whether a request that offers a tool is taken; what the model makes of it does not matter."""
    offering = Options(tools=(run_cell_tool("Python"),))
    try:
        await _ask_once(connection, _SAY_YES, first_byte_seconds, offering)
    except ModelError as error:
        return CheckRow("tool calls", "warn", str(error), "none is needed: code blocks in plain text are used")
    return CheckRow("tool calls", "ok", "accepted")


async def _images(connection: Connection, first_byte_seconds: float) -> CheckRow:
    """Whether a request with an image is taken; a model may take it and yet not see it."""
    if connection.vision is False:
        return CheckRow("images", "ok", "not sent: this model takes none")
    in_words = "none is needed: the model is told in words what a plot is of"
    try:
        refused = await _ask_once(connection, _SEE, first_byte_seconds)
    except ModelError as error:
        return CheckRow("images", "warn", str(error), in_words)
    if IMAGES in refused:
        return CheckRow("images", "warn", "refused", in_words)
    return CheckRow("images", "ok", "accepted")


async def _ask_once(
    connection: Connection, message: Message, first_byte_seconds: float, options: Options = NO_OPTIONS
) -> frozenset[str]:
    """What the endpoint refused of a request, which it else took; raises `ModelError`."""
    model = OpenAIModel.of(connection, retries=0, first_byte_seconds=first_byte_seconds)
    try:
        await _ask(model, message, options)
    finally:
        await model.aclose()
    return model.refused


async def _ask(model: OpenAIModel, message: Message, options: Options = NO_OPTIONS) -> Counted:
    """When the pieces of the reply came, in seconds after the question; raises `ModelError`."""
    clock = asyncio.get_running_loop().time
    started = clock()
    times: list[float] = []
    text, usage = "", False
    async with aclosing(model.stream([message], options)) as chunks:
        async for chunk in chunks:
            match chunk:
                case Delta():
                    times.append(clock() - started)
                    text += chunk.text
                case ReplyEnd():
                    usage = chunk.usage is not None
                case _:
                    continue
    return Counted(times, len(text), usage)


def _listed(connection: Connection, models: list[ListedModel]) -> CheckRow:
    model, names = connection.model, [model.name for model in models]
    if not model and not names:
        return CheckRow("model", "fail", "no model is set and none is listed", "set the model's name")
    if not model:
        return CheckRow("model", "ok", f"{names[0]} (the first that is listed)")
    if names and model not in names:
        return CheckRow("model", "warn", f"{model} is not listed", f"listed are {', '.join(names[:5])}")
    return CheckRow("model", "ok", f"{model} is listed" if names else f"{model} (the endpoint lists none)")


def _context(connection: Connection) -> CheckRow:
    tokens = connection.context_tokens
    detail = "not told by the endpoint; it can be set" if tokens is None else f"{tokens:,} tokens"
    return CheckRow("context length", "ok", detail)


def _row(name: str, level: Level, error: ModelError) -> CheckRow:
    detail, _, action = str(error).rpartition("; ")
    return CheckRow(name, level, detail, action)
