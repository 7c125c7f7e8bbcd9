"""Which action format a run uses: as it was wished for, by the model's family, or by asking the model."""

from __future__ import annotations

import asyncio
import re
from contextlib import aclosing

from jupyter_codeact.agent.tool import run_cell_tool
from jupyter_codeact.errors import ModelError, ToolsRefused
from jupyter_codeact.events import ActionFormat
from jupyter_codeact.models.model import Delta, Message, Model, Options, Retrying
from jupyter_codeact.models.offline_model import OfflineModel
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.models.refusals import TOOLS

# The first pattern that is found in a model's name counts. `tool`: families known to be trained to call functions.
# `fenced`: known not to be, or not to do it reliably (Llama 3.1 8B in conversation; Qwen2.5-Coder writes its calls as
# text). `execute`: trained on CodeActInstruct (arXiv 2402.01030). Common knowledge of 2026, not checked card by card:
# a wrong entry costs quality, not correctness, since code blocks are taken where functions are refused.
_FAMILIES: tuple[tuple[str, ActionFormat], ...] = (
    (r"codeact", "execute"),
    (r"coder|code-?llama|codestral|starcoder|codegemma", "fenced"),
    (r"gpt-oss|gpt-(3\.5-turbo|[4-9])|\bo[134](-mini|-pro)?\b|chatgpt", "tool"),
    (r"claude|gemini|command-[ra]|grok|kimi-k2|glm-4\.[5-9]|nova-", "tool"),
    (r"mi[sx]tral-(large|medium|small|nemo)|ministral|devstral|magistral", "tool"),
    (r"llama-?3\.[13].*70b|llama-?3\.1.*405b|llama-?4|hermes-[34]|functionary|firefunction", "tool"),
    (r"qwen-?2\.5.*(14|32|72)b|qwen-?3|qwen-(max|plus|turbo)|granite-?[34]|deepseek-(chat|v3)", "tool"),
    (r"gemma|phi-?[1-4]|deepseek-r|llama-?[23]|mistral-7b|mixtral|qwen|vicuna|\byi-|smollm|olmo", "fenced"),
)  # fmt: skip
_SECONDS = 10.0
_QUESTION: Message = {
    "role": "user",
    "content": 'Call the function run_cell with the code "1 + 1". Write nothing else.',
}


async def resolve_format(wanted: str, model: Model) -> str:
    """The format of a run that was wished for as `wanted`: a name, or `auto`.

    Only a model behind an endpoint can be asked; it is, once, when its family is not known. Never raises.
    """
    if isinstance(model, OfflineModel):
        return "fenced"
    chosen = await _by_model(model) if wanted == "auto" else wanted
    if chosen == "tool" and isinstance(model, OpenAIModel) and TOOLS in model.refused:
        return "fenced"
    return chosen


def known_format(name: str) -> ActionFormat | None:
    """The format of the family that a model of that name belongs to; None for a stranger."""
    return next((found for pattern, found in _FAMILIES if re.search(pattern, name, re.IGNORECASE)), None)


async def _by_model(model: Model) -> str:
    if not isinstance(model, OpenAIModel):
        return "fenced"
    known = known_format(model.name)
    if known is not None:
        return known
    if model.calls_functions is None:
        try:
            model.calls_functions = await asyncio.wait_for(_calls_function(model), _SECONDS)
        except asyncio.TimeoutError:
            model.calls_functions = False
        except ModelError:
            return "fenced"  # the run will meet the same failure, and tell it
    return "tool" if model.calls_functions else "fenced"


async def _calls_function(model: Model) -> bool:
    """Whether the model calls a function when it is told to. Raises `ModelError`, at the first failure."""
    offering = Options(tools=(run_cell_tool("Python"),))
    try:
        async with aclosing(model.stream([_QUESTION], offering)) as chunks:
            async for chunk in chunks:
                if isinstance(chunk, Retrying):
                    raise ModelError(chunk.detail, reason="unreachable", retryable=True)
                if isinstance(chunk, Delta) and chunk.calls:
                    return True
    except ToolsRefused:
        return False
    return False
