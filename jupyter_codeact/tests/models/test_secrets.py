"""The key is in no log, no error and no representation, whatever the endpoint does with it."""

from __future__ import annotations

import io
import logging
import traceback
from collections.abc import Iterator

import pytest

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.openai_model import OpenAIModel
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.models.test_openai_model import chunks_of, failing
from jupyter_codeact.tests.replies import Fault, Item, Reply
from jupyter_codeact.tests.wire import Request

KEY = "sk-canary-0123456789abcdef"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that is logged at all, as text."""
    stream = io.StringIO()
    root = logging.getLogger()
    level = root.level
    handler = logging.StreamHandler(stream)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def echo(request: Request) -> Fault:
    key = request.headers["authorization"]
    return Fault("status", status=500, headers={"X-Key": key}, body={"error": {"message": f"no\n {key}", "code": key}})


def echo_in_stream(request: Request) -> Fault:
    return Fault("raw", body=f'data: {{"error": {{"message": "{request.headers["authorization"]}"}}}}\n\n')


def echo_in_type(request: Request) -> Fault:
    return Fault("raw", body="x", headers={"Content-Type": request.headers["authorization"]})


def echo_in_location(request: Request) -> Fault:
    return Fault("status", status=307, headers={"Location": f"http://{KEY}@other/{KEY}?k={KEY}"})


@pytest.mark.parametrize("item", [Fault("echo_key"), echo, echo_in_stream, echo_in_type, echo_in_location])
async def test_the_key_is_nowhere(item: Item, logged: io.StringIO) -> None:
    async with Endpoint([item, item]) as endpoint:
        url = f"{endpoint.base_url}?token={KEY}".replace("//", f"//user:{KEY}@")
        headers = {"X-Token": KEY}
        model = OpenAIModel(url, KEY, "m", first_retry_delay=0.01, retries=1, extra_headers=headers)
        chunks, failure = await failing(model)
        await model.aclose()
    logging.getLogger("jupyter_codeact").error("failed", exc_info=failure)
    shown = [str(failure), repr(failure), str(chunks), repr(model), model.name, model.connection]
    shown += ["".join(traceback.format_exception(failure)), logged.getvalue()]
    error: BaseException | None = failure
    while error is not None:
        shown += [str(error), repr(error)]
        error = error.__cause__ or error.__context__
    assert KEY in endpoint.requests[0].headers["x-token"]
    assert "canary" not in "\n".join(shown)


async def test_other_users_of_the_http_library_keep_their_logs(logged: io.StringIO) -> None:
    import openai

    async with Endpoint([Reply("a"), Reply("b")]) as endpoint:
        model = OpenAIModel(endpoint.base_url, KEY, "m")
        await chunks_of(model)
        await model.aclose()
        assert "HTTP Request" not in logged.getvalue()
        async with openai.AsyncOpenAI(base_url=endpoint.base_url, api_key="other") as client:
            await client.models.list()
    assert "HTTP Request" in logged.getvalue()


@pytest.mark.parametrize("key", ["sk-canary\n", "sk-canary-é"])
async def test_a_key_that_cannot_be_sent_is_told_in_words(key: str) -> None:
    model = OpenAIModel("http://127.0.0.1:9/v1", f"{key}x", "m")
    with pytest.raises(ModelError, match="paste it again") as caught:
        await chunks_of(model)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://h/v1", "http://", "http://h:99999/v1", "http://[bad/v1"])
async def test_a_base_url_that_is_none_is_told_in_words(url: str) -> None:
    model = OpenAIModel(url, KEY, "m", retries=0)
    with pytest.raises(ModelError, match="base URL"):
        await chunks_of(model)
    await model.aclose()
