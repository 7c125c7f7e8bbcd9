"""Which model answers, what users can choose, and what the administrator allows."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from traitlets.config import Config

from jupyter_codeact.errors import Forbidden, ModelError, Unknown
from jupyter_codeact.events import Price
from jupyter_codeact.models.choice import Models
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.connections import OFFLINE, ConnectionStore
from jupyter_codeact.models.offline_model import OfflineModel
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.models.refusals import IMAGE_NOTE
from jupyter_codeact.settings import CodeAct
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.models.test_openai_model import chunks_of

OWN = {"JUPYTER_CODEACT_BASE_URL": "http://own/v1", "JUPYTER_CODEACT_MODEL": "o"}
A, B = Connection("a", "http://a/v1", model="m"), Connection("b", "http://b/v1", model="n")
OFFLINE_ROW = {"name": OFFLINE, "model": OfflineModel.name, "offline": True, "vision": False}


def settings(**traits: Any) -> CodeAct:
    return CodeAct(config=Config({"CodeAct": traits}))


def models(tmp_path: Path, *stored: Connection, environment: Mapping[str, str] | None = None, **traits: Any) -> Models:
    store = ConnectionStore(tmp_path)
    for connection in stored:
        store.put(connection)
    return Models(settings(**traits), store, environment or {})


def names(found: Models) -> list[str]:
    return [choice["name"] for choice in found.choices()]


def host(found: Models, name: str = "") -> str:
    connection = found.connection(name)
    return connection.host if connection else OFFLINE


def test_what_users_can_choose(tmp_path: Path) -> None:
    found = models(tmp_path, A, B, environment=OWN)
    assert found.choices() == [
        {"name": "own", "model": "o", "offline": False, "vision": None},
        {"name": "a", "model": "m", "offline": False, "vision": None},
        {"name": "b", "model": "n", "offline": False, "vision": None},
        OFFLINE_ROW,
    ]
    assert [host(found, name) for name in ("", *names(found))] == ["a", "own", "a", "b", OFFLINE]
    with pytest.raises(Unknown):
        found.connection("c")
    assert models(tmp_path / "none").choices() == [OFFLINE_ROW]


@pytest.mark.parametrize(
    "traits", [{"base_url": "http://admin/v1"}, {"base_url": "http://admin/v1", "api_key_command": "true"}]
)
def test_what_the_configuration_file_sets_is_not_for_users_to_choose(tmp_path: Path, traits: dict[str, str]) -> None:
    found = models(tmp_path, A, environment=OWN, **traits)
    assert found.status()["fixed"]
    assert names(found) == ["admin"]
    assert [host(found, name) for name in ("", "a", "admin", OFFLINE)] == ["admin"] * 4


def test_the_built_in_analyst_can_be_fixed_too(tmp_path: Path) -> None:
    found = models(tmp_path, A, environment=OWN, model=OFFLINE)
    assert found.choices() == [OFFLINE_ROW]
    assert found.connection("a") is None


def test_a_run_is_gone_on_with_by_what_answered_it(tmp_path: Path) -> None:
    found = models(tmp_path, A, environment=OWN)
    assert found.choice_of("m", "a") == "a"
    assert found.choice_of("o", "own") == "own"
    assert found.choice_of(OfflineModel.name, OfflineModel.connection) == OFFLINE
    assert found.choice_of("m", "deleted") == ""


async def test_what_is_not_allowed_is_refused(tmp_path: Path) -> None:
    found = models(tmp_path, A, B, allowed_hosts=["b"], allowed_models=["m*"])
    for name in ("a", "b"):
        with pytest.raises(Forbidden, match="does not allow"):
            await found.model(name)
    assert names(found) == [OFFLINE]
    assert isinstance(await found.model(OFFLINE), OfflineModel)
    status = found.status()
    assert (status["ready"], status["choices"]) == (False, [OFFLINE_ROW])
    assert status["problem"] == "The administrator does not allow connections to a; allowed hosts: b."


async def test_the_first_allowed_model_is_taken(tmp_path: Path) -> None:
    async with Endpoint(models=["small", "big"]) as endpoint:
        found = models(tmp_path, Connection("a", endpoint.base_url), allowed_models=["b*"])
        assert (await found.model()).name == "big"
        await found.aclose()


async def test_a_model_knows_what_its_connection_and_the_list_say(tmp_path: Path) -> None:
    async with Endpoint(models=[{"id": "m", "max_model_len": 8192}]) as endpoint:
        found = models(tmp_path, Connection("a", endpoint.base_url, model="m", price=Price(prompt=1.0, completion=2.0)))
        model = await found.model()
        assert isinstance(model, OpenAIModel)
        assert (model.context_tokens, model.price, model.vision) == (8192, Price(prompt=1.0, completion=2.0), None)
        assert await found.model() is model
        assert endpoint.visited == ["/v1/models"]
        await found.aclose()


async def test_a_choice_says_whether_it_takes_images_as_soon_as_that_is_known(tmp_path: Path) -> None:
    async with Endpoint(models=[{"id": "m", "capabilities": {"vision": False}}]) as endpoint:
        found = models(tmp_path, Connection("a", endpoint.base_url, model="m"))
        assert found.choices()[0]["vision"] is None
        await found.model("a")
        assert found.choices()[0]["vision"] is False
        await found.aclose()


async def test_a_model_that_takes_no_images_is_told_so_without_a_refused_request() -> None:
    async with Endpoint(["ok"]) as endpoint:
        model = OpenAIModel.of(Connection("a", endpoint.base_url, model="m", vision=False))
        assert model.vision is False
        image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
        chunks = [chunk async for chunk in model.stream([{"role": "user", "content": [image]}])]
        await model.aclose()
    assert chunks
    [request] = endpoint.requests
    assert request.body["messages"] == [{"role": "user", "content": IMAGE_NOTE}]


async def test_the_key_of_a_file_is_used_for_the_administrators_endpoint(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("sk-from-file\n")
    file.chmod(0o600)
    async with Endpoint(["ok"], repeat=True) as endpoint:
        found = models(tmp_path, base_url=endpoint.base_url, model="m", api_key_file=str(file))
        model = await found.model()
        assert isinstance(model, OpenAIModel)
        await chunks_of(model)
        await found.aclose()
        assert endpoint.requests[0].headers["authorization"] == "Bearer sk-from-file"
    file.unlink()
    with pytest.raises(ModelError, match=r"CodeAct\.api_key_file"):
        await found.model()
