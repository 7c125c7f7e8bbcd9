"""`jupyter codeact doctor`: what is in order, what is not, and what to do about it."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_core.paths import jupyter_config_dir, jupyter_config_path, jupyter_path
from jupyter_server.extension.config import ExtensionConfigManager
from packaging.version import Version

from jupyter_codeact import __version__
from jupyter_codeact.errors import CodeActError
from jupyter_codeact.models.choice import Models, relevant_environment
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.connections import ConnectionStore
from jupyter_codeact.models.discovery import discover
from jupyter_codeact.models.keys import readable_by_others
from jupyter_codeact.models.probe import CheckRow, check
from jupyter_codeact.settings import CodeAct

FLOORS = (("jupyter_server", "2.21", "fail"), ("jupyterlab", "4.6.2", "warn"), ("ipykernel", "6.29", "warn"))
"""Below these there are published vulnerabilities, or the product was not tried."""

EXTENSION = "jupyter_codeact"


async def doctor(settings: CodeAct) -> int:
    """A row a question is printed; the exit code, 1 when one fails."""
    rows = [*_versions(), _server_extension(), _front_end(), _kernels(), *await _connection(settings)]
    rows.append(await asyncio.to_thread(_journals, Path(settings.journal_dir)))
    width = max(len(row.name) for row in rows)
    for row in rows:
        action = f"  ->  {row.action}" if row.action else ""
        sys.stdout.write(f"{row.level:<4}  {row.name:<{width}}  {row.detail}{action}\n")
    return 1 if any(row.level == "fail" for row in rows) else 0


def _versions() -> Iterator[CheckRow]:
    yield CheckRow("jupyter_codeact", "ok", f"{__version__}, Python {platform.python_version()}")
    for name, floor, level in FLOORS:
        try:
            found = version(name)
        except PackageNotFoundError:
            yield CheckRow(name, "fail", "not installed", f"pip install {name}")
            continue
        if Version(found) < Version(floor):
            action = f"pip install --upgrade '{name}>={floor}'"
            yield CheckRow(name, "fail" if level == "fail" else "warn", f"{found}, older than {floor}", action)
        else:
            yield CheckRow(name, "ok", found)


def _server_extension() -> CheckRow:
    manager = ExtensionConfigManager(read_config_path=jupyter_config_path())
    enabled = manager.get_jpserver_extensions()  # type: ignore[no-untyped-call]
    if enabled.get(EXTENSION):
        return CheckRow("server extension", "ok", "enabled")
    return CheckRow("server extension", "fail", "not enabled", f"jupyter server extension enable {EXTENSION}")


def _front_end() -> CheckRow:
    for folder in jupyter_path("labextensions", EXTENSION):
        package = Path(folder) / "package.json"
        if package.exists():
            found = json.loads(package.read_text("utf-8"))["version"]
            if found != __version__:
                return CheckRow("panel", "warn", f"{found}, but Python has {__version__}", "reinstall jupyter_codeact")
            return CheckRow("panel", "ok", found)
    return CheckRow("panel", "fail", "JupyterLab would not find it", "reinstall jupyter_codeact")


def _kernels() -> CheckRow:
    found = sorted(KernelSpecManager().find_kernel_specs())
    if found:
        return CheckRow("kernels", "ok", ", ".join(found))
    return CheckRow("kernels", "fail", "none is installed", "pip install ipykernel")


async def _connection(settings: CodeAct) -> list[CheckRow]:
    if settings.model_class:
        return [CheckRow("connection", "ok", f"CodeAct.model_class is {settings.model_class}")]
    environment = relevant_environment()
    try:
        store = ConnectionStore(Path(jupyter_config_dir()) / "codeact")
        models = Models(settings, store, environment)
        connection = await models.keyed()
    except CodeActError as error:
        detail, _, action = str(error).rpartition("; ")
        return [CheckRow("connection", "fail", detail or action, action if detail else "")]
    if connection is None:
        return [await _unconnected(settings)]
    return [*_key(settings, connection, environment), *await check(connection, models.allowed)]


async def _unconnected(settings: CodeAct) -> CheckRow:
    """The built-in analyst answers; what could be connected is named."""
    found = [f"{item.kind} at {item.base_url}" for item in await discover(settings.local_ports)]
    action = "to connect a model: the panel, or JUPYTER_CODEACT_BASE_URL and _API_KEY"
    if found:
        action += f"; found on this machine: {', '.join(found)}"
    return CheckRow("connection", "ok", "none; the built-in offline analyst answers", action)


def _key(settings: CodeAct, connection: Connection, environment: Mapping[str, str]) -> Iterator[CheckRow]:
    """Who else can read the key."""
    if not connection.api_key:
        return
    file = Path(settings.api_key_file).expanduser() if settings.api_key_file else None
    if file is not None and not settings.api_key and readable_by_others(file):
        yield CheckRow("API key", "warn", f"others can read {file}", f"chmod 600 {file}")
    elif connection.api_key in environment.values():
        action = "set CodeAct.api_key_file or CodeAct.api_key_command instead"
        yield CheckRow("API key", "warn", "from the environment, where code in kernels can read it", action)
    else:
        yield CheckRow("API key", "ok", "there is one")


def _journals(folder: Path) -> CheckRow:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder) as probe:
            os.fsync(probe.fileno())
    except OSError as error:
        return CheckRow(
            "conversations", "fail", f"{folder}: {error.strerror}", "correct it, or set CodeAct.journal_dir"
        )
    return CheckRow("conversations", "ok", str(folder))
