"""A connection completed by what its endpoint lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.allowed import Allowed
from jupyter_codeact.models.catalogue import completed, list_models
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.listing import ListedModel
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.replies import Fault

BIG = {"id": "big", "context_length": 8192, "architecture": {"input_modalities": ["text"]}}


def to(endpoint: Endpoint, model: str = "") -> Connection:
    return Connection("test", endpoint.base_url, "key", model)


async def test_models_are_listed_and_the_first_is_taken() -> None:
    async with Endpoint(models=["small", BIG]) as endpoint:
        assert await list_models(to(endpoint)) == [ListedModel("small"), ListedModel("big", 8192, False)]
        assert await completed(to(endpoint)) == to(endpoint, "small")
        assert (await completed(to(endpoint), Allowed(models=["b*"]))).model == "big"


async def test_what_the_list_says_of_the_model_is_taken_where_the_connection_says_nothing() -> None:
    async with Endpoint(models=["small", BIG]) as endpoint:
        mine = to(endpoint, "big")
        assert await completed(mine) == replace(mine, context_tokens=8192, vision=False)
        assert await completed(replace(mine, vision=True)) == replace(mine, context_tokens=8192, vision=True)
        assert await completed(to(endpoint, "unlisted")) == to(endpoint, "unlisted")


async def test_a_connection_that_says_it_all_asks_nothing() -> None:
    async with Endpoint(models=[BIG]) as endpoint:
        mine = replace(to(endpoint, "big"), context_tokens=100)
        assert await completed(mine) == mine
        assert endpoint.visited == []


async def test_an_endpoint_without_a_list_is_used_all_the_same() -> None:
    async with Endpoint(pages={"/v1/models": Fault("status", status=404)}) as endpoint:
        assert await completed(to(endpoint, "m")) == to(endpoint, "m")


async def test_no_models_is_told_in_words() -> None:
    async with Endpoint(models=[]) as endpoint:
        with pytest.raises(ModelError, match=r"lists no models; load one there"):
            await completed(to(endpoint))


async def test_a_wrong_path_is_told_in_words() -> None:
    async with Endpoint() as endpoint:
        with pytest.raises(ModelError, match="usually ends in /v1"):
            await list_models(Connection(base_url=endpoint.base_url.removesuffix("/v1")))
