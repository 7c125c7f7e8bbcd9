"""What may be attached, and what the model is shown of it."""

from __future__ import annotations

import base64
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from jupyter_codeact.errors import CommandError, Invalid, TooLarge
from jupyter_codeact.events import Attachment, Variable
from jupyter_codeact.kernels.variables import BUSY, Reading
from jupyter_codeact.server.attachments import MAX_FILE, SHOWN_CHARS, Files, read_files, with_variables


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder that the server shows; there are files beside it, and links to them."""
    root = tmp_path / "root"
    (root / "data").mkdir(parents=True)
    (root / "data" / "sales.csv").write_text("region,price\nSüd,1\n", "utf-8")
    (root / ".env").write_text("KEY=canary")
    (root / ".ssh").mkdir()
    (root / ".ssh" / "id").write_text("canary")
    (tmp_path / "secret.txt").write_text("canary")
    (tmp_path / "root-secret.txt").write_text("canary")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "folder").symlink_to(tmp_path)
    (root / "hidden.txt").symlink_to(root / ".env")
    (root / "circle").symlink_to(root / "circle")
    (root / "inside.csv").symlink_to(root / "data" / "sales.csv")
    os.mkfifo(root / "pipe")
    return root


def png(width: int = 4, height: int = 3) -> bytes:
    """An image."""
    stream = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(stream, "png")
    return stream.getvalue()


async def attached(root: Path, name: str) -> Attachment:
    """The file, as it is recorded."""
    (made,) = await read_files([Attachment(kind="file", name=name)], Files(str(root)))
    return made


@pytest.mark.parametrize("name", ["data/sales.csv", "/data/sales.csv", "./data/../data/sales.csv", "inside.csv"])
async def test_a_file_below_the_root_is_read(root: Path, name: str) -> None:
    assert (await attached(root, name)).text == "region,price\nSüd,1\n"


@pytest.mark.parametrize(
    "name",
    ["../secret.txt", "../root-secret.txt", "data/../../secret.txt", "link.txt", "folder/secret.txt", "circle",
     "/../secret.txt", "//etc/passwd", "/etc/passwd", ".env", ".ssh/id", "hidden.txt", "data/../.env", "pipe", "data",
     "", ".", "no.txt", "a\0b", "x" * 5000, "..", "..\\secret.txt", "%2e%2e/secret.txt", "~/secret.txt"],
)  # fmt: skip
async def test_nothing_else_is(root: Path, name: str) -> None:
    with pytest.raises(Invalid) as raised:
        await attached(root, name)
    assert "\n" not in str(raised.value)
    assert "canary" not in str(raised.value)


async def test_hidden_files_are_read_where_jupyter_shows_them(root: Path) -> None:
    (made,) = await read_files([Attachment(kind="file", name=".env")], Files(str(root), allow_hidden=True))
    assert made.text == "KEY=canary"


async def test_a_server_without_a_folder_has_no_files() -> None:
    with pytest.raises(Invalid, match="in no folder"):
        await read_files([Attachment(kind="file", name="a.txt")], Files(""))


async def test_a_long_text_is_cut_and_a_larger_file_refused(root: Path) -> None:
    (root / "long.txt").write_text("line\n" * (MAX_FILE // 5))
    long = (await attached(root, "long.txt")).text
    assert len(long) <= SHOWN_CHARS
    assert "characters left out" in long
    (root / "larger.txt").write_text("x" * (MAX_FILE + 1))
    with pytest.raises(TooLarge, match=r"larger\.txt is larger than 1\.0 MB"):
        await attached(root, "larger.txt")


async def test_what_is_neither_text_nor_an_image_is_refused(root: Path) -> None:
    for content in (b"\xff\xfe\x00binary", b"a\0b"):
        (root / "model.pkl").write_bytes(content)
        with pytest.raises(Invalid, match="neither text in UTF-8 nor an image"):
            await attached(root, "model.pkl")
    (root / "broken.png").write_bytes(b"not an image")
    with pytest.raises(Invalid, match=r"broken\.png is no image that can be sent \(damaged\)"):
        await attached(root, "broken.png")


async def test_an_image_is_recorded_as_it_is_sent(root: Path) -> None:
    (root / "plot.PNG").write_bytes(png())
    (root / "large.png").write_bytes(png(3000, 10))
    small, large = await attached(root, "plot.PNG"), await attached(root, "large.png")
    assert (small.mime, small.text) == ("image/png", "[image/png, 4x3]")
    assert base64.b64decode(small.data) == png()
    assert large.text == "[image/png, scaled from 3000x10 to 1024x3]"
    pasted = Attachment(kind="image", name="pasted", mime="image/png", data=base64.b64encode(png()).decode())
    assert (await read_files([pasted], Files("")))[0].data == small.data


@pytest.mark.parametrize(
    ("mime", "data"), [("image/png", "%%%"), ("image/svg+xml", "PHN2Zz4="), ("image/png", "x" * 14_000_000), ("", "")]
)
async def test_what_is_pasted_and_no_image_is_refused(mime: str, data: str) -> None:
    with pytest.raises(CommandError):
        await read_files([Attachment(kind="image", name="pasted", mime=mime, data=data)], Files(""))


async def test_nothing_is_taken_but_what_its_kind_has() -> None:
    sent = Attachment(kind="cell", name="cell 3", text="x = 1", mime="image/png", data="abc")
    assert await read_files([sent], Files("")) == (Attachment(kind="cell", name="cell 3", text="x = 1"),)


def test_variables_are_told_or_refused_or_a_note_stands_for_them() -> None:
    sent = [
        Attachment(kind="variable", name="n"),
        Attachment(name="a", text="b"),
        Attachment(kind="variable", name="m"),
    ]
    n, m = Variable(name="n", type="int", summary="42"), Variable(name="m", type="Model")
    made = with_variables(sent, Reading(wanted=(n, m)))
    assert [attachment.text for attachment in made] == ["n: int, 42", "b", "m: Model"]
    with pytest.raises(Invalid, match="no variable m"):
        with_variables(sent, Reading(wanted=(n, None)))
    assert with_variables(sent, Reading(note=BUSY))[0].text == f"[{BUSY}]"
