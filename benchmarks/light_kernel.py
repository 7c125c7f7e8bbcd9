"""A kernel that is five sockets and no interpreter: many of them run where a few real ones would fill the machine.

It speaks Jupyter's protocol, signed and numbered as ipykernel's messages are, so that a server cannot tell. A cell is
not run but acted: one that holds `range(N)` prints N lines, one with `sleep(S)` takes S seconds for each.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import sys
import time
from datetime import datetime, timezone
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import zmq

DELIMITER = b"<IDS|MSG>"
INFO = {
    "status": "ok",
    "protocol_version": "5.3",
    "implementation": "light",
    "implementation_version": "1",
    "banner": "",
    "language_info": {"name": "python", "version": "3", "mimetype": "text/x-python", "file_extension": ".py"},
}
LOOK_MS = 2000


def kernelspec(folder: Path) -> None:
    """Jupyter finds the kernel `light` where `folder` is its data directory."""
    spec = folder / "kernels" / "light" / "kernel.json"
    spec.parent.mkdir(parents=True)
    argv = [sys.executable, str(Path(__file__).resolve()), "{connection_file}"]
    wanted = {"argv": argv, "display_name": "Light", "language": "python", "interrupt_mode": "message"}
    spec.write_text(json.dumps(wanted), "utf-8")


class LightKernel:
    """The kernel of a connection file."""

    def __init__(self, connection: dict[str, Any]) -> None:
        context = zmq.Context()
        self._key = connection["key"].encode()
        self._session = uuid4().hex
        self._numbers = count()
        self._executions = 0
        self._over = False

        def bound(kind: int, name: str) -> zmq.Socket[bytes]:
            socket = context.socket(kind)
            socket.linger = 500
            socket.bind(f"{connection['transport']}://{connection['ip']}:{connection[f'{name}_port']}")
            return socket

        self._shell, self._control = bound(zmq.ROUTER, "shell"), bound(zmq.ROUTER, "control")
        self._iopub, self._beat = bound(zmq.PUB, "iopub"), bound(zmq.REP, "hb")
        self._stdin = bound(zmq.ROUTER, "stdin")

    def serve(self) -> None:
        """It was shut down, or the process that started it is gone."""
        parent = os.getppid()
        poller = zmq.Poller()
        for socket in (self._shell, self._control, self._beat):
            poller.register(socket, zmq.POLLIN)
        while not self._over and os.getppid() == parent:
            for socket, _ in poller.poll(LOOK_MS):
                if socket is self._beat:
                    socket.send(socket.recv())
                else:
                    self._answer(socket)

    def _answer(self, socket: zmq.Socket[bytes]) -> None:
        parts = socket.recv_multipart()
        split = parts.index(DELIMITER)
        to, (header, _, _, content) = parts[:split], parts[split + 2 : split + 6]
        request, asked = json.loads(header), json.loads(content)
        kind = request["msg_type"]
        self._tell(request, "status", execution_state="busy")
        reply: dict[str, Any] = {"status": "ok"}
        if kind == "execute_request":
            reply |= self._execute(request, asked)
        elif kind == "kernel_info_request":
            reply = INFO
        elif kind == "shutdown_request":
            reply |= {"restart": asked["restart"]}
            self._over = True
        socket.send_multipart([*to, *self._signed(kind.replace("request", "reply"), request, reply)])
        self._tell(request, "status", execution_state="idle")

    def _execute(self, request: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        code = asked["code"]
        if not asked["silent"]:
            self._executions += 1
            self._tell(request, "execute_input", code=code, execution_count=self._executions)
        lines, seconds = re.search(r"range\((\d+)\)", code), re.search(r"sleep\(([\d.]+)\)", code)
        for number in range(int(lines[1]) if lines else 0):
            self._tell(request, "stream", name="stdout", text=f"line {number}\n")
            time.sleep(float(seconds[1]) if seconds else 0)
        return {"execution_count": self._executions, "user_expressions": {}, "payload": []}

    def _tell(self, request: dict[str, Any], kind: str, **content: Any) -> None:
        self._iopub.send_multipart([f"kernel.{kind}".encode(), *self._signed(kind, request, content)])

    def _signed(self, kind: str, request: dict[str, Any], content: dict[str, Any]) -> list[bytes]:
        header = {
            "msg_id": f"{self._session}_{os.getpid()}_{next(self._numbers)}",
            "msg_type": kind,
            "session": self._session,
            "username": "light",
            "version": "5.3",
            "date": datetime.now(timezone.utc).isoformat(),
        }
        frames = [json.dumps(part).encode() for part in (header, request, {}, content)]
        signature = hmac.new(self._key, b"".join(frames), "sha256").hexdigest().encode()
        return [DELIMITER, signature, *frames]


if __name__ == "__main__":
    LightKernel(json.loads(Path(sys.argv[1]).read_text("utf-8"))).serve()
