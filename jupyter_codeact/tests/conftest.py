"""What holds for every test: a home and Jupyter directories of its own, no configured model, no network.

Only connections to loopback addresses are allowed. Any other is refused, and fails the test even where the code under
test handles the refusal: no test can spend money or depend on somebody's server.
"""

from __future__ import annotations

import asyncio
import ipaddress
import os
import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

# How long an example takes depends on what else the machine does; what has to be fast is measured as a ratio.
settings.register_profile("jupyter_codeact", deadline=None)
settings.load_profile("jupyter_codeact")

_number = count(1)
JUPYTER_DIRECTORIES = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
PATHS = ("JUPYTER_PATH", "JUPYTER_CONFIG_PATH", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR")
CONFIGURED_MODELS = ("OPENAI_", "JUPYTER_CODEACT_")


@pytest.fixture(scope="session", autouse=True)
def isolated_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's own home, paths and model settings are out of sight, for fixtures of every scope."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(CONFIGURED_MODELS) or name in PATHS:
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        patch.setenv("IPYTHONDIR", str(home / ".ipython"))
        patch.setenv("MPLCONFIGDIR", str(home / ".matplotlib"))  # its font cache takes seconds: made once
        for name in JUPYTER_DIRECTORIES:
            patch.setenv(name, str(home / name.lower()))
        yield home


@pytest.fixture(autouse=True)
def isolated_environment(monkeypatch: pytest.MonkeyPatch, isolated_home: Path) -> None:
    """Jupyter's directories do not exist when a test begins; each has its own."""
    directory = isolated_home / "jupyter" / str(next(_number))
    for name in JUPYTER_DIRECTORIES:
        monkeypatch.setenv(name, str(directory / name.lower()))


@pytest.fixture(autouse=True)
def connections_beyond_loopback(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The addresses that the test tried to connect to and should not have; it fails when there is one."""
    refused: list[str] = []

    def guarded(name: str) -> None:
        connect = getattr(socket.socket, name)

        def checked(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
                refused.append(f"{address[0]} port {address[1]}")
                raise ConnectionRefusedError(f"tests connect to loopback addresses only, not to {address[0]}")
            return connect(self, address)

        monkeypatch.setattr(socket.socket, name, checked)

    guarded("connect")
    guarded("connect_ex")
    yield refused
    if refused:
        pytest.fail(f"the test tried to connect to {', '.join(refused)}")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture
async def _loop_of_the_test() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


@pytest.fixture
def jp_asyncio_loop(request: pytest.FixtureRequest) -> asyncio.AbstractEventLoop | None:
    """The loop of pytest-jupyter's fixtures is the one that pytest-asyncio runs the test on; none without a server."""
    return request.getfixturevalue("_loop_of_the_test") if _has_server(request) else None


@pytest.fixture
def jp_server_cleanup(request: pytest.FixtureRequest) -> None:
    """pytest-jupyter's own, but not for a test without a server: it would make one to clean it up."""
    if _has_server(request):
        request.getfixturevalue("jp_server_cleanup")


def _has_server(request: pytest.FixtureRequest) -> bool:
    return "jp_configurable_serverapp" in request.fixturenames
