"""The models that an endpoint lists, and a connection completed by what it says of them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.allowed import ALL, Allowed
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.intake import Intake, ReplyLimits
from jupyter_codeact.models.listing import ListedModel, read_models
from jupyter_codeact.models.transport import Transport

# What is only good to know must not keep the first reply waiting.
_GLANCE_SECONDS = 2.0


async def list_models(connection: Connection, *, seconds: float = 10.0) -> list[ListedModel]:
    """The endpoint's models, in its order; raises `ModelError`."""
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
    models = read_models(body)
    if models is None:
        raise failure
    return models


async def completed(connection: Connection, allowed: Allowed = ALL) -> Connection:
    """The connection with a model, its own or the first allowed one that is listed, and what the list says of it.

    Raises `ModelError` when no model is named or listed.
    """
    if not connection.model:
        models = [model for model in await list_models(connection) if allowed.model(model.name)]
        if not models:
            raise ModelError(
                f"{connection.host} lists no models; load one there, or set the model's name", reason="not_found"
            )
        return described(replace(connection, model=models[0].name), models)
    if connection.context_tokens is None:
        with suppress(ModelError):
            return described(connection, await list_models(connection, seconds=_GLANCE_SECONDS))
    return connection


def described(connection: Connection, models: list[ListedModel]) -> Connection:
    """The connection with what `models` say of its model, where it does not say so itself."""
    model = next((model for model in models if model.name == connection.model), None)
    if model is None:
        return connection
    tokens = model.context_tokens if connection.context_tokens is None else connection.context_tokens
    vision = model.vision if connection.vision is None else connection.vision
    return replace(connection, context_tokens=tokens, vision=vision)
