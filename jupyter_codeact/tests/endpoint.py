"""A small real model endpoint that answers from a script and can misbehave on purpose.

In tests: `async with Endpoint(["a first reply", Fault("hang")]) as endpoint`, then `endpoint.base_url` is
what a client takes and `endpoint.requests` is what was asked.
As a program: `python -m jupyter_codeact.tests.endpoint --port 0 --script replies.json` prints its base URL.
There, `GET /requests` shows what was asked, and `PUT /script` (a JSON list, or
`{"replies": [...], "repeat": true}`) sets a new script and forgets the requests.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from jupyter_codeact.tests.replies import Fault, Item, Reply, parse_item, refusal_of
from jupyter_codeact.tests.wire import Request, Wire

COMPLETIONS = "/v1/chat/completions"


class Endpoint:
    """Serves `POST /v1/chat/completions` and `GET /v1/models` on 127.0.0.1.

    Each completion takes the next item of `script`; when that is used up, the last one again if `repeat`,
    else status 400. `requests` has the completions asked for, in order.
    A request with a parameter that it `refuses` ("image": an image part) gets status `refusal` and takes no item; it is
    in `refused` instead. By default these are function calls, as where a small model is served.
    `asked` is set with the first, `connections` counts what clients opened. `port` 0 means a free one.
    An item of `models` is a name, or a whole entry of the list; `pages` are faults in the place of what a path answers
    to GET; `visited` has the paths that were asked for.
    """

    def __init__(
        self,
        script: Sequence[Item] = (),
        *,
        models: Sequence[str | Mapping[str, Any]] = ("scripted",),
        pages: Mapping[str, Fault] | None = None,
        repeat: bool = False,
        refuses: Sequence[str] = ("tools",),
        refusal: int = 400,
        port: int = 0,
    ) -> None:
        self.requests: list[Request] = []
        self.refused: list[Request] = []
        self.connections = 0
        self.asked = asyncio.Event()
        self.visited: list[str] = []
        self._models = models
        self._pages = dict(pages or {})
        self.refuses = refuses
        self.refusal = refusal
        self._port = port
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self.set_script(script, repeat=repeat)

    def set_script(self, script: Sequence[Item], *, repeat: bool = False) -> None:
        """The next completion takes the first item of `script`; the requests so far are forgotten."""
        self._script = list(script)
        self._repeat = repeat
        self._position = 0
        self.requests.clear()
        self.refused.clear()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._port

    @property
    def base_url(self) -> str:
        """What a client takes as base URL."""
        return f"http://127.0.0.1:{self._port}/v1"

    async def __aenter__(self) -> Endpoint:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """It listens; after a stop, at the same port again."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """It refuses connections, and those that were open are closed."""
        assert self._server is not None
        self._server.close()
        tasks = list(self._open)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        self.connections += 1
        wire = Wire(reader, writer)
        try:
            while wire.keep_alive and (request := await wire.read_request()):
                await self._serve_while_connected(wire, request)
        except (ConnectionError, asyncio.CancelledError):
            # The client went away, or the endpoint is being closed: either way this connection is over.
            pass
        finally:
            self._open.discard(task)
            with contextlib.suppress(asyncio.CancelledError):
                await wire.close()

    async def _serve_while_connected(self, wire: Wire, request: Request) -> None:
        """The request is answered, or the client is gone and that is recorded."""
        serving = asyncio.ensure_future(self._serve(wire, request))
        gone = asyncio.ensure_future(wire.client_gone())
        try:
            await asyncio.wait({serving, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not serving.done():
                request.disconnected.set()
                wire.keep_alive = False
        finally:
            for part in (serving, gone):
                part.cancel()
            outcomes = await asyncio.gather(serving, gone, return_exceptions=True)
        if isinstance(outcomes[0], ConnectionError):
            request.disconnected.set()
        elif isinstance(outcomes[0], Exception):
            raise outcomes[0]

    async def _serve(self, wire: Wire, request: Request) -> None:
        self.visited.append(request.path)
        match request.method, request.path.partition("?")[0]:
            case "POST", path if path == COMPLETIONS:
                await self._complete(wire, request)
            case "GET", path if path in self._pages:
                await self._pages[path].serve(wire, request)
            case "GET", "/v1/models":
                data = [{"id": item, "object": "model"} if isinstance(item, str) else item for item in self._models]
                await wire.answer(200, {"object": "list", "data": data})
            case "GET", "/requests":
                await wire.answer(200, [_shown(request) for request in self.requests])
            case "PUT", "/script":
                script = request.body if isinstance(request.body, dict) else {"replies": request.body}
                self.set_script([parse_item(item) for item in script["replies"]], repeat=script.get("repeat", False))
                await wire.answer(200, {"replies": len(self._script)})
            case _:
                await wire.answer(404, {"error": {"message": f"no such path: {request.path}"}})

    async def _complete(self, wire: Wire, request: Request) -> None:
        for name in self.refuses:
            if (body := refusal_of(request, name)) is not None:
                self.refused.append(request)
                await wire.answer(self.refusal, body)
                return
        self.requests.append(request)
        self.asked.set()
        if self._position >= len(self._script) and not (self._repeat and self._script):
            await wire.answer(400, {"error": {"message": "the endpoint's script is used up"}})
            return
        item = self._script[min(self._position, len(self._script) - 1)]
        self._position += 1
        answer = item(request) if callable(item) else item
        await (Reply(answer) if isinstance(answer, str) else answer).serve(wire, request)


def _shown(request: Request) -> dict[str, object]:
    return {
        "method": request.method,
        "path": request.path,
        "headers": request.headers,
        "body": request.body,
    }


async def _run(endpoint: Endpoint) -> None:
    async with endpoint:
        sys.stdout.write(f"{endpoint.base_url}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Serves until it is interrupted."""
    parser = argparse.ArgumentParser(description="A model endpoint that answers from a script.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--script", type=Path, help="JSON list of strings and objects")
    parser.add_argument("--repeat", action="store_true", help="repeat the last reply when the script is used up")
    options = parser.parse_args()
    items = json.loads(options.script.read_text("utf-8")) if options.script else []
    endpoint = Endpoint([parse_item(item) for item in items], repeat=options.repeat, port=options.port)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_run(endpoint))


if __name__ == "__main__":
    main()
