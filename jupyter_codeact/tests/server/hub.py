"""A real JupyterHub on loopback: the hub, its proxy, and a Jupyter server for each user.

`python -m jupyter_codeact.tests.server.hub BASE_URL` runs one until it is told to end (SIGTERM), with ann and ben,
whose model is at that URL and whose cells run without asking; it prints where their servers are, a user a line.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx

INSTALLED = find_spec("jupyterhub") is not None
PROXY = Path(__file__).parents[3] / "ui-tests" / "node_modules" / ".bin" / "configurable-http-proxy"
ADMIN = "hub-admin-token"
START_SECONDS = 120.0

CONFIG = """
c.JupyterHub.bind_url = "http://127.0.0.1:{port}/hubs/"
c.JupyterHub.hub_port = {hub_port}
c.JupyterHub.db_url = "sqlite:///:memory:"
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.services = [{{"name": "test", "api_token": "{admin}"}}]
c.JupyterHub.load_roles = [
    {{"name": "test", "scopes": ["admin:users", "admin:servers", "tokens"], "services": ["test"]}}
]
c.Authenticator.allow_all = True
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.ConfigurableHTTPProxy.auth_token = "proxy-token"
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.args = ["--allow-root", "--LabApp.expose_app_in_browser=True"]
c.Spawner.args.append("--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate")
c.Spawner.env_keep.extend(["JUPYTER_PATH"])
c.LocalProcessSpawner.interrupt_timeout = c.LocalProcessSpawner.term_timeout = 5
c.Spawner.start_timeout = {timeout}
c.Spawner.http_timeout = {timeout}
"""
"""No home, port, token or process is shared with any other hub; the users' servers find what is installed.

One that has shared a notebook does not end when it is told to, with this extension or without (the watch on its file
leaves a thread of AnyIO, which the interpreter waits for): it is killed soon, while the hub itself is still waited for.
"""


@dataclass(frozen=True)
class HubUser:
    """A user whose server runs. `url` is its base URL, without a slash at the end."""

    name: str
    url: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """Those of a request that the user makes."""
        return {"Authorization": f"token {self.token}"}

    @property
    def client(self) -> httpx.AsyncClient:
        """A client of the user's own server, let in as the user."""
        return httpx.AsyncClient(base_url=self.url, headers=self.headers, timeout=60, follow_redirects=False)


@contextmanager
def hub(folder: Path, users: Sequence[str], config: str) -> Iterator[list[HubUser]]:
    """The users of a hub; each one's server runs, with `config` as its `jupyter_codeact_config.py`."""
    port, hub_port, proxy_port = _free_ports(3)
    for name in users:
        settings = folder / "homes" / name / ".jupyter" / "jupyter_codeact_config.py"
        settings.parent.mkdir(parents=True)
        settings.write_text(config, "utf-8")
    file = folder / "jupyterhub_config.py"
    values: dict[str, Any] = {"port": port, "hub_port": hub_port, "proxy_port": proxy_port, "admin": ADMIN}
    homes = str(folder / "homes" / "{username}")
    file.write_text(CONFIG.format(**values, proxy=str(PROXY), homes=homes, timeout=int(START_SECONDS)), "utf-8")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterhub", "-f", str(file)],
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # it is told to end once, by this process
        )
        try:
            yield [_start(f"http://127.0.0.1:{port}", name) for name in users]
        except Exception:
            sys.stdout.write((folder / "log").read_text("utf-8"))
            raise
        finally:
            process.terminate()  # it ends the users' servers and its proxy first
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def settings(base_url: str) -> str:
    """A `jupyter_codeact_config.py`: the model is a scripted one at that URL, cells run without asking."""
    values = {"base_url": base_url, "model": "scripted", "approval": "auto"}
    return "".join(f"c.CodeAct.{name} = {value!r}\n" for name, value in values.items())


def _start(origin: str, name: str) -> HubUser:
    """The user is known to the hub, and the user's server answers."""
    with httpx.Client(base_url=f"{origin}/hubs/hub/api", headers={"Authorization": f"token {ADMIN}"}) as admin:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                if admin.get("/").is_success:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        admin.post(f"/users/{name}").raise_for_status()
        admin.post(f"/users/{name}/server", timeout=START_SECONDS).raise_for_status()
        while time.monotonic() < deadline and not admin.get(f"/users/{name}").json()["servers"].get("", {}).get(
            "ready"
        ):
            time.sleep(0.1)
        token = admin.post(f"/users/{name}/tokens").raise_for_status().json()["token"]
    return HubUser(name, f"{origin}/hubs/user/{name}", token)


def _free_ports(number: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def main(base_url: str) -> None:
    """Ends by the signal only, when no process of the hub is left."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with tempfile.TemporaryDirectory() as folder, hub(Path(folder), ["ann", "ben"], settings(base_url)) as users:
        for user in users:
            sys.stdout.write(f"{user.name} {user.url}\n")
        sys.stdout.flush()
        while True:
            signal.pause()


if __name__ == "__main__":
    main(sys.argv[1])
