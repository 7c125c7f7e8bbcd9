"""What an endpoint can do, found by asking it: the models it lists, and whether it really streams."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from jupyter_codeact.agent.tool import run_cell_tool
from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.intake import Intake, ReplyLimits
from jupyter_codeact.models.model import Delta, Message, Options, ReplyEnd
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.models.transport import Transport

Level: TypeAlias = Literal["ok", "warn", "fail"]

_QUESTION = "Count from 1 to 40 in digits, separated by commas. Write nothing else."
_STOP = "\n\nEND OF COUNT"
# A stream that really flows spreads over a good part of the time; one that a gateway holds back comes at its end.
_FLOWING_SHARE = 0.1
_TELLING_SECONDS = 0.5
_TELLING_PIECES = 8


@dataclass(frozen=True)
class CheckRow:
    """One finding about a connection: `detail` says what was seen, `action` what to do, empty when nothing."""

    name: str
    level: Level
    detail: str
    action: str = ""


async def list_models(connection: Connection, *, seconds: float = 10.0) -> list[str]:
    """The names of the endpoint's models, in its order; raises `ModelError`."""
    transport = Transport(connection)
    limits = ReplyLimits(seconds, seconds, 5_000_000)
    try:
        await transport.prepare()
        started = asyncio.get_running_loop().time()
        async with transport.models(started + seconds) as response:
            body = await Intake(response.pieces, limits, transport.failures, started).read_all()
        failure = transport.failures.not_streamed("no list of models")
    except asyncio.TimeoutError:
        body = b""
        failure = transport.failures.too_slow(seconds, started=False)
    finally:
        await transport.aclose()
    names = _names(body)
    if names is None:
        raise failure
    return names


async def with_model(connection: Connection) -> Connection:
    """The connection with a model: its own, else the first that the endpoint lists; raises `ModelError`."""
    if connection.model:
        return connection
    names = await list_models(connection)
    if not names:
        raise ModelError(
            f"{connection.host} lists no models; load one there, or set the model's name", reason="not_found"
        )
    return replace(connection, model=names[0])


async def check(connection: Connection, *, first_byte_seconds: float = 60.0) -> list[CheckRow]:
    """What was found: reachable, model; then, by two short replies, streaming, usage, stop strings, tool calls.

    Never raises.
    """
    rows: list[CheckRow] = []
    try:
        names = await list_models(connection)
        rows.append(CheckRow("reachable", "ok", f"{connection.host} answers"))
    except ModelError as error:
        # Endpoints may do without a list; the reply below tells the rest.
        names = []
        lists = error.reason in {"not_found", "not_an_endpoint"}
        rows.append(_row("reachable", "warn" if lists else "fail", error))
        if not lists:
            return rows
    rows.append(_listed(connection, names))
    if rows[-1].level == "fail":
        return rows
    chosen = connection if connection.model else replace(connection, model=names[0])
    tried = await _try(chosen, first_byte_seconds)
    if tried[0].level == "fail":
        return rows + tried
    return [*rows, *tried, await _tools(chosen, first_byte_seconds)]


async def _try(connection: Connection, first_byte_seconds: float) -> list[CheckRow]:
    model = OpenAIModel.of(connection, stop=[_STOP], retries=0, first_byte_seconds=first_byte_seconds)
    question: Message = {"role": "user", "content": _QUESTION}
    clock = asyncio.get_running_loop().time
    started = clock()
    times: list[float] = []
    end: ReplyEnd | None = None
    try:
        async for chunk in model.stream([question]):
            match chunk:
                case Delta():
                    times.append(clock() - started)
                case ReplyEnd():
                    end = chunk
                case _:
                    continue
    except ModelError as error:
        return [_row("streams", "fail", error)]
    finally:
        await model.aclose()
    told = end is not None and end.usage is not None
    return [
        _streams(times),
        CheckRow("usage", "ok", "the endpoint counts tokens")
        if told
        else CheckRow("usage", "warn", "the endpoint does not count tokens", "budgets will use estimates"),
        CheckRow("stop strings", "warn", "the endpoint refuses stop strings", "use the action format 'fenced'")
        if "stop" in model.refused
        else CheckRow("stop strings", "ok", "accepted"),
    ]


async def _tools(connection: Connection, first_byte_seconds: float) -> CheckRow:
    """Whether a request that offers a tool is taken; what the model makes of it does not matter."""
    model = OpenAIModel.of(connection, retries=0, first_byte_seconds=first_byte_seconds)
    offering = Options(tools=(run_cell_tool("Python"),))
    question: Message = {"role": "user", "content": "Answer with the word yes."}
    try:
        async with aclosing(model.stream([question], offering)) as chunks:
            async for _ in chunks:
                pass
    except ModelError as error:
        return CheckRow("tool calls", "warn", str(error), "none is needed: code blocks in plain text are used")
    finally:
        await model.aclose()
    return CheckRow("tool calls", "ok", "accepted")


def _streams(times: list[float]) -> CheckRow:
    if len(times) < 2:
        return CheckRow(
            "streams", "warn", "the reply came in one piece", "look for a proxy that buffers, switch it off"
        )
    first, spread = times[0], times[-1] - times[0]
    held_back = len(times) >= _TELLING_PIECES and first >= _TELLING_SECONDS and spread < _FLOWING_SHARE * first
    if held_back:
        detail = f"{len(times)} pieces came at once after {first:.1f} s"
        return CheckRow("streams", "warn", detail, "a gateway buffers: switch its response buffering off")
    return CheckRow("streams", "ok", f"{len(times)} pieces, the first after {first:.1f} s")


def _listed(connection: Connection, names: list[str]) -> CheckRow:
    model = connection.model
    if not model and not names:
        return CheckRow("model", "fail", "no model is set and none is listed", "set the model's name")
    if not model:
        return CheckRow("model", "ok", f"{names[0]} (the first that is listed)")
    if names and model not in names:
        return CheckRow("model", "warn", f"{model} is not listed", f"listed are {', '.join(names[:5])}")
    return CheckRow("model", "ok", f"{model} is listed" if names else f"{model} (the endpoint lists none)")


def _row(name: str, level: Level, error: ModelError) -> CheckRow:
    detail, _, action = str(error).rpartition("; ")
    return CheckRow(name, level, detail, action)


def _names(body: bytes) -> list[str] | None:
    """The names in a list of models, as OpenAI and most others send it; None when it is none."""
    try:
        content = json.loads(body.decode("utf-8", "replace"))
    except ValueError:
        return None
    data = content.get("data", content.get("models")) if isinstance(content, dict) else content
    if not isinstance(data, list):
        return None
    names = [item.get("id") or item.get("name") if isinstance(item, dict) else item for item in data]
    return [name for name in names if isinstance(name, str)]
