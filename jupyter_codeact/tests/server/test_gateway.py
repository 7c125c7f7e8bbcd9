"""A server whose kernels are behind a real Jupyter Kernel Gateway, and what is said when that fails (F37)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from jupyter_server.gateway.gateway_client import GatewayClient
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerRequest
from tornado.web import Application, RequestHandler

from jupyter_codeact.errors import KernelError
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.kernels import gateway
from jupyter_codeact.tests.kernels.playing import begin, run, until

from .conftest import Client

pytestmark = pytest.mark.skipif(not gateway.INSTALLED, reason="jupyter_kernel_gateway is not installed")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A gateway that asks for a token."""
    with gateway.gateway_process() as url:
        yield url
    GatewayClient.clear_instance()


@pytest.fixture
async def ready(url: str) -> str:
    """The gateway serves requests; its client, of which a process has one, is made anew by the server of the test."""
    await gateway.answers(url)
    GatewayClient.clear_instance()
    return url


def managed(client: Client) -> Any:
    """The manager of the client's kernel."""
    kernels: Any = client.server.kernel_manager
    return kernels.get_kernel(client.kernel_id)


@pytest.fixture
def jp_server_config(jp_server_config: dict[str, Any], ready: str) -> dict[str, Any]:
    """As `jupyter lab --gateway-url` with a token."""
    return {**jp_server_config, "GatewayClient": {"url": ready, "auth_token": gateway.TOKEN}}


async def test_a_run_in_a_kernel_behind_a_gateway(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("x = 6\nprint('one')"), cell("x * 7"), "Done."])
    await client.send("Go")
    assert (await client.until("run_finished"))[-1]["reason"] == "answered"
    state = await client.state()
    assert (state["kernel_name"], state["language"]) == ("python3", "python")
    first, second = state["cells"].values()
    assert first["outputs"][0]["text"] == "one\n"
    assert (second["outputs"][0]["data"]["text/plain"], second["problems"]) == ("42", [])


async def test_stop_interrupts_a_kernel_behind_a_gateway(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("import time; print(1, flush=True); time.sleep(600)")])
    await client.send("Go")
    await client.until("cell_output")
    await client.command("stop")
    assert (await client.until("run_finished"))[-1]["reason"] == "stopped"
    assert [each["status"] for each in (await client.state())["cells"].values()] == ["interrupted"]


async def test_a_kernel_that_is_restarted_behind_a_gateway_is_found_again(client: Client, endpoint: Endpoint) -> None:
    """A gateway interrupts before it restarts: the cell may end before its kernel does. Either ends the run (F15)."""
    sleeps = cell("print(1, flush=True); import time; time.sleep(600)")
    endpoint.set_script([sleeps, cell("'time' in globals()"), "Done."])
    await client.send("Go")
    await client.until("cell_output")
    await client.fetch("api", "kernels", client.kernel_id, "restart", method="POST", body="{}")
    end = (await client.until("run_finished"))[-1]
    assert end["reason"] == "stopped" or "the run has paused" in end["detail"]
    await client.send("Again")
    assert (await client.until("run_finished", after=end["seq"]))[-1]["reason"] == "answered"
    first, after = (await client.state())["cells"].values()
    assert first["status"] in ("interrupted", "lost")
    assert (after["status"], after["outputs"][0]["data"]["text/plain"]) == ("ok", "False")


async def test_a_wrong_token_is_said_in_words(client: Client, endpoint: Endpoint) -> None:
    endpoint.set_script([cell("1"), "never"])
    client_of_gateway: Any = GatewayClient.instance()
    client_of_gateway.auth_token = "wrong"
    await client.send("Go")
    finished = (await client.until("run_finished"))[-1]
    client_of_gateway.auth_token = gateway.TOKEN
    assert finished["reason"] == "failed"
    assert "kernel gateway" in finished["detail"]
    assert gateway.TOKEN not in json.dumps(finished)


class _Proxy(RequestHandler):
    """In front of the gateway, it refuses interrupts."""

    def initialize(self, target: str) -> None:
        self.target = target

    async def get(self) -> None:
        await self._forward()

    async def post(self) -> None:
        if self.request.path.endswith("/interrupt"):
            self.set_status(403, "Forbidden")
            self.finish(json.dumps({"message": "not yours"}))
        else:
            await self._forward()

    async def _forward(self) -> None:
        from tornado.httpclient import AsyncHTTPClient

        request: HTTPServerRequest = self.request
        answer = await AsyncHTTPClient().fetch(
            self.target + (request.uri or ""),
            method=request.method or "GET",
            headers={"Authorization": f"token {gateway.TOKEN}"},
            body=request.body if request.method == "POST" else None,
        )
        self.finish(answer.body)


async def test_a_gateway_that_refuses_interrupts_is_named_in_the_observation(client: Client) -> None:
    kernel = managed(client)
    environment = KernelEnvironment(kernel)
    await environment.connect()
    ran, task = begin(environment, "import time; print(1, flush=True); time.sleep(2)")
    await until(ran.put_out, task)
    server = HTTPServer(Application([(r"/.*", _Proxy, {"target": str(GatewayClient.instance().url)})]))
    server.listen(0, "127.0.0.1")
    port = next(iter(server._sockets.values())).getsockname()[1]
    url = kernel.kernel_url
    kernel.kernel_url = url.replace(str(GatewayClient.instance().url), f"http://127.0.0.1:{port}")
    await environment.interrupt()
    await task
    assert any("did not interrupt" in problem and "403" in problem for problem in ran.done.problems)
    await environment.close()
    kernel.kernel_url = url
    server.stop()


async def test_a_websocket_that_breaks_is_connected_again_and_nothing_is_missing(client: Client) -> None:
    kernel = managed(client)
    environment = KernelEnvironment(kernel)
    await environment.connect()
    source = "import time\nfor n in range(20):\n    print(n, flush=True)\n    time.sleep(0.1)"
    ran, task = begin(environment, source)
    await until(ran.put_out, task)
    channels: Any = environment._connection and environment._connection._channels
    channels._socket.close()
    await asyncio.wait_for(task, 60)
    assert ran.done.status == "ok"
    assert ran.text.split() == [str(number) for number in range(20)] or "missing" in " ".join(ran.done.problems)
    assert (await run(environment, "1 + 1")).result == "2"
    await environment.close()


async def test_a_gateway_that_is_gone_is_said_in_words(client: Client) -> None:
    kernel = managed(client)
    url = kernel.kernel_url
    kernel.kernel_url = "http://127.0.0.1:9/api/kernels/x"
    with pytest.raises(KernelError, match="kernel gateway"):
        await KernelEnvironment(kernel).connect()
    kernel.kernel_url = url
