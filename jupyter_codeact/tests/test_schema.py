"""The generated vocabulary is what the classes say, and drift is noticed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from jupyter_codeact import schema
from jupyter_codeact.journal.file_journal import read

GENERATED = ("events.schema.json", "src/events.ts")
GOLDEN = sorted((Path(__file__).parent / "journals").glob("*.jsonl"))


@pytest.fixture
def copied_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The generator works on a copy of what is committed."""
    for name in GENERATED:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes((schema.ROOT / name).read_bytes())
    monkeypatch.setattr(schema, "ROOT", tmp_path)
    return tmp_path


def test_the_committed_files_are_current() -> None:
    assert schema.main(["--check"]) == 0


@pytest.mark.parametrize("name", GENERATED)
def test_a_changed_file_is_reported_and_repaired(
    copied_root: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = copied_root / name
    before = path.read_text("utf-8")
    path.write_text(before + " ", "utf-8")
    assert schema.main(["--check"]) == 1
    assert capsys.readouterr().err == f"{path.name} is out of date: run python -m jupyter_codeact.schema\n"
    assert path.read_text("utf-8") == before + " "
    assert schema.main([]) == 0
    assert path.read_text("utf-8") == before
    assert schema.main(["--check"]) == 0


@pytest.mark.parametrize("name", GENERATED)
def test_a_missing_file_is_reported_and_made(copied_root: Path, name: str) -> None:
    before = (copied_root / name).read_bytes()
    (copied_root / name).unlink()
    assert schema.main(["--check"]) == 1
    assert schema.main([]) == 0
    assert (copied_root / name).read_bytes() == before


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_journals_and_states_are_valid_by_the_schema(path: Path) -> None:
    definitions = schema.json_schema()
    event, state = (Draft202012Validator({**definitions, "$ref": f"#/$defs/{name}"}) for name in ("Event", "State"))
    for stored in read(path)[0]:
        event.validate(stored.model_dump(mode="json"))
    state.validate(json.loads(path.with_suffix(".state.json").read_text("utf-8")))


def test_every_type_that_is_named_is_defined() -> None:
    definitions = schema.json_schema()["$defs"]
    text = schema.typescript(schema.json_schema())
    assert {"Event", "Notice", "State"} <= set(definitions)
    for name in definitions:
        assert f"export interface {name} " in text or f"export type {name} = " in text
