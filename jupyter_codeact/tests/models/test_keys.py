"""Where keys come from, and what is said when they cannot be had."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import pytest

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.keys import Keys

KEY = "sk-canary-0123456789"


def printing(code: str) -> str:
    return f'"{sys.executable}" -c "{code}"'


async def test_a_given_key_comes_first(tmp_path: Path) -> None:
    connection = Connection(api_key=KEY, api_key_file=str(tmp_path / "none"), api_key_command="none")
    filled = await Keys().fill(connection)
    assert filled == Connection(api_key=KEY)
    assert await Keys().fill(Connection()) == Connection()


async def test_a_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "key"
    file.write_text(f"  {KEY} \r\nwhat else is there\n")
    file.chmod(0o600)
    keys = Keys()
    assert (await keys.fill(Connection(api_key_file=str(file)))).api_key == KEY
    assert caplog.text == ""
    file.write_text("another")
    assert (await keys.fill(Connection(api_key_file=str(file)))).api_key == "another"


async def test_a_file_that_others_can_read_is_a_warning(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "key"
    file.write_text(KEY)
    file.chmod(0o640)
    with caplog.at_level(logging.WARNING):
        assert (await Keys().fill(Connection(api_key_file=str(file)))).api_key == KEY
    assert f"run: chmod 600 {file}" in caplog.text
    assert KEY not in caplog.text


@pytest.mark.parametrize(
    ("content", "problem"),
    [(None, r"cannot be read \(No such file or directory\); write the key into it"), ("\n \n", "is empty")],
)
async def test_a_file_without_a_key(tmp_path: Path, content: str | None, problem: str) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_text(content)
    with pytest.raises(ModelError, match=rf"CodeAct\.api_key_file: .*{problem}"):
        await Keys().fill(Connection(api_key_file=str(file)))


async def test_a_command_is_asked_again_after_five_minutes(tmp_path: Path) -> None:
    counter = tmp_path / "counter"
    code = f"import sys; f = open('{counter}', 'a'); f.write('x'); print('{KEY}'); print('more')"
    now = [0.0]
    keys = Keys(clock=lambda: now[0])
    connection = Connection(api_key_command=printing(code))
    for moment, asked in ((0.0, 1), (299.0, 1), (301.0, 2)):
        now[0] = moment
        assert (await keys.fill(connection)).api_key == KEY
        assert len(counter.read_text()) == asked


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("no-such-command-here", "cannot be started"),
        ("an 'open quote", "cannot be started"),
        (printing("import sys; print('canary'); sys.exit(3)"), "ended with status 3 .* run it in a terminal"),
        (printing("pass"), "ended with status 0 and no key"),
    ],
)
async def test_a_command_that_fails(command: str, problem: str) -> None:
    with pytest.raises(ModelError, match=rf"CodeAct\.api_key_command {problem}") as caught:
        await Keys().fill(Connection(api_key_command=command))
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_nothing_shows_where_a_key_is() -> None:
    assert "canary" not in repr(Connection(api_key_command=f"echo {KEY}"))
