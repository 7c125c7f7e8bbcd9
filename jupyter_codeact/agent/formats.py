"""What tells the action formats apart: their parsers, what a request asks for, and how code is written in them."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from jupyter_codeact.agent.actions import Action, Answer, ReplyParser, RunCell
from jupyter_codeact.agent.baselines import JsonParser, TextParser
from jupyter_codeact.agent.enclosed import CLOSING, OPENING
from jupyter_codeact.agent.execute import ExecuteParser, without_thought_tags
from jupyter_codeact.agent.fenced import FencedParser
from jupyter_codeact.agent.tool import NAME, ToolParser, run_cell_tool
from jupyter_codeact.errors import FormatError
from jupyter_codeact.events import ActionFormat
from jupyter_codeact.models.model import NO_OPTIONS, CallDelta, Options
from jupyter_codeact.tool_call import ToolCall


class Reply(NamedTuple):
    """A reply of the model, as the journal has it."""

    text: str
    call: ToolCall | None = None
    finish_reason: str = "stop"


def parser_for(action_format: ActionFormat, language: str) -> ReplyParser:
    """The parser of a reply in that format, for a kernel of `language`; a format that was not resolved is `fenced`."""
    match action_format:
        case "execute":
            return ExecuteParser(language)
        case "tool":
            return ToolParser()
        case "json":
            return JsonParser(language)
        case "text":
            return TextParser(language)
        case "fenced" | "auto":
            return FencedParser(language)


def action_of(reply: Reply, action_format: ActionFormat, language: str) -> Action:
    """What `reply` asks for. Raises `FormatError` with what to tell the model."""
    parser = parser_for(action_format, language)
    call = reply.call
    calls = [] if call is None else [CallDelta(0, call.id, call.name, call.arguments)]
    return parser.feed(reply.text, calls) or parser.finish(reply.finish_reason)


def options_for(action_format: ActionFormat, language: str) -> Options:
    """The optional parts of a request for a reply in that format."""
    match action_format:
        case "execute":
            return Options(stop=(CLOSING,))
        case "tool":
            return Options(tools=(run_cell_tool(language),))
        case _:
            return NO_OPTIONS


def as_written(reply: Reply, own: ActionFormat, wanted: ActionFormat, language: str) -> Reply:
    """`reply`, which was given in the format `own`, as the model is shown it in a run of the format `wanted`.

    The same text within a format; but a call's arguments are always JSON, since endpoints read them again, and what a
    stop string cut off is there.
    """
    if own != "tool":
        reply = reply._replace(call=None)
        if own == wanted != "execute":
            return reply
    try:
        action = action_of(reply, own, language)
    except FormatError:
        return _as_it_came(reply, keeps_call=wanted == "tool")
    if isinstance(action, Answer):
        return reply if own == wanted else Reply(action.text)
    return _acting(reply, action, own, wanted, language)


def _as_it_came(reply: Reply, *, keeps_call: bool) -> Reply:
    """A reply that asks for nothing that can be done."""
    if reply.call is None:
        return reply
    if not keeps_call:
        return Reply(f"{reply.text}\n\n{reply.call.name}({reply.call.arguments})")
    name = re.sub(r"[^\w-]", "_", reply.call.name, flags=re.ASCII)[:64] or NAME
    return Reply(reply.text, ToolCall(id=reply.call.id, name=name, arguments=_json(reply.call.arguments)))


def _acting(reply: Reply, action: RunCell, own: ActionFormat, wanted: ActionFormat, language: str) -> Reply:
    prose = reply.text[: action.start].rstrip()
    if own == "execute":
        prose = without_thought_tags(prose)
    if wanted == "tool":
        arguments = json.dumps({"code": action.source}, ensure_ascii=False)
        if reply.call is None:
            return Reply(prose, ToolCall(name=NAME, arguments=arguments))
        given = reply.call.arguments
        return Reply(
            reply.text, ToolCall(id=reply.call.id, name=NAME, arguments=given if _is_json(given) else arguments)
        )
    if wanted == "execute":
        if own == wanted:
            return reply if reply.text.rstrip().endswith(CLOSING) else Reply(f"{reply.text.rstrip()}\n{CLOSING}")
        return Reply(f"{prose}\n\n{OPENING}\n{action.source}\n{CLOSING}".lstrip())
    return Reply(f"{prose}\n\n{fence(action.source, language)}".lstrip())


def fence(source: str, language: str) -> str:
    """`source` in a code block, between marks that are not in it."""
    longest = max(map(len, re.findall(r"`{3,}", source)), default=2)
    mark = "`" * (longest + 1)
    return f"{mark}{language}\n{source}\n{mark}"


def _json(arguments: str) -> str:
    return arguments if _is_json(arguments) else json.dumps({"code": arguments}, ensure_ascii=False)


def _is_json(arguments: str) -> bool:
    """Whether an endpoint that reads the arguments again finds an object with strings as JSON has them."""
    try:
        return isinstance(json.loads(arguments), dict)
    except (ValueError, RecursionError):
        return False
