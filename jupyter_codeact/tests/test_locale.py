"""Every string of the front end is translated in every catalogue, and JupyterLab's server finds the catalogues."""

from __future__ import annotations

import json
import re
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import jupyter_codeact
from jupyter_codeact.tests.strings import CATALOGUES, PACKAGE, catalogue, strings

PLACE = re.compile(r"%\d")

each_catalogue = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])


def test_there_are_catalogues_and_strings() -> None:
    assert {path.parts[-3] for path in CATALOGUES} >= {"de_DE"}
    assert len(strings()) > 150


@each_catalogue
def test_nothing_is_missing_and_nothing_left_over(path: Path) -> None:
    known, translated = strings(), catalogue(path)
    assert {"missing": known.keys() - translated, "unused": translated.keys() - known} == {
        "missing": set(),
        "unused": set(),
    }


@each_catalogue
def test_translations_have_the_places_and_forms_of_their_texts(path: Path) -> None:
    for text, entry in catalogue(path).items():
        assert len(entry) == (2 if strings()[text] else 1), text
        for translated in entry:
            assert translated.strip(), text
            assert sorted(PLACE.findall(translated)) == sorted(PLACE.findall(text)), text


@each_catalogue
def test_it_says_what_the_page_needs_to_load_it(path: Path) -> None:
    head = json.loads(path.read_text("utf-8"))[""]
    assert head["domain"] == "jupyter_codeact"
    assert head["language"] == path.parts[-3].replace("_", "-")
    assert re.fullmatch(r"nplurals=2; plural=\(n ?!= ?1\);", head["plural_forms"])


def test_the_server_is_told_where_they_are() -> None:
    found = entry_points(group="jupyterlab.locale", name="jupyter_codeact")
    assert [point.load() for point in found] == [jupyter_codeact]
    assert Path(jupyter_codeact.__file__).parent == PACKAGE
