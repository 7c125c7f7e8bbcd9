"""Where a connection's key comes from when it is not given: a file, or a command of the user's password manager."""

from __future__ import annotations

import asyncio
import logging
import os
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from subprocess import DEVNULL, PIPE
from time import monotonic

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.connection import Connection

log = logging.getLogger(__name__)

_COMMAND_SECONDS = 30.0
# Access tokens live an hour; a password manager that asks for a finger should not do so with every run.
_KEPT_SECONDS = 300.0
_OTHERS = 0o077


class Keys:
    """Reads keys. A file is read each time; what a command printed is kept for five minutes."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._kept: dict[str, tuple[float, str]] = {}

    async def fill(self, connection: Connection) -> Connection:
        """The connection with its key in `api_key`. Raises `ModelError` when the file or command tells none."""
        key = connection.api_key
        if not key and connection.api_key_file:
            key = await asyncio.to_thread(read_key, connection.api_key_file)
        elif not key and connection.api_key_command:
            key = await self._ask(connection.api_key_command)
        return replace(connection, api_key=key, api_key_file="", api_key_command="")

    async def _ask(self, command: str) -> str:
        until, key = self._kept.get(command, (0.0, ""))
        if not key or until < self._clock():
            key = await run_for_key(command)
            self._kept[command] = self._clock() + _KEPT_SECONDS, key
        return key


def read_key(name: str) -> str:
    """The first line of the file; others than its owner should not be able to read it, which is logged if they can."""
    path = Path(name).expanduser()
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "it is no text"
        problem = f"CodeAct.api_key_file: {path} cannot be read ({what}); write the key into it, with file mode 0600"
    else:
        if readable_by_others(path):
            log.warning("CodeAct.api_key_file: others can read %s; run: chmod 600 %s", path, path)
        if key := _first_line(text):
            return key
        problem = f"CodeAct.api_key_file: {path} is empty; write the key into its first line"
    raise ModelError(problem, reason="unauthorized")


def readable_by_others(path: Path) -> bool:
    """Whether the file's mode lets its group or everybody in; never on Windows, which has no such modes."""
    return os.name != "nt" and bool(path.stat().st_mode & _OTHERS)


async def run_for_key(command: str) -> str:
    """The first line that the command prints. It is run without a shell; what else it says is not kept anywhere."""
    try:
        words = shlex.split(command, posix=os.name != "nt")
        process = await asyncio.create_subprocess_exec(*words, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL)
    except (OSError, ValueError, TypeError) as error:
        what = getattr(error, "strerror", None) or "it is no command"
        problem = f"CodeAct.api_key_command cannot be started ({what}); correct the command"
    else:
        try:
            printed, _ = await asyncio.wait_for(process.communicate(), _COMMAND_SECONDS)
        except asyncio.TimeoutError:
            problem = f"CodeAct.api_key_command ran for {_COMMAND_SECONDS:g} s; it must end without asking anything"
        else:
            if process.returncode == 0 and (key := _first_line(printed.decode("utf-8", "replace"))):
                return key
            problem = (
                f"CodeAct.api_key_command ended with status {process.returncode} and "
                f"{'a key' if printed.strip() else 'no key'}; run it in a terminal to see why"
            )
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    raise ModelError(problem, reason="unauthorized")


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].strip()
