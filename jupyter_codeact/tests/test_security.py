"""The table of docs/security.md is true: every threat has a row, and the tests that a row names are there."""

from __future__ import annotations

import re
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from jupyter_codeact.cli.doctor import FLOORS
from jupyter_codeact.tests.tables import check_guard, check_row, guards, rows

THREATS = rows("security.md", "S")


def test_every_threat_has_a_row_in_order() -> None:
    assert list(THREATS) == [f"S{number}" for number in range(1, 16)]


@pytest.mark.parametrize("threat", list(THREATS))
def test_the_tests_of_a_threat_exist(threat: str) -> None:
    assert len(THREATS[threat]) == 4
    check_row(THREATS[threat])


def test_what_was_taken_out_is_there_for_every_threat() -> None:
    """Each row has a test that was seen failing without what it guards; that is still where the list says."""
    taken_out = guards("security.md", "S")
    assert list(taken_out) == list(THREATS)
    for listed in taken_out.values():
        assert listed
        for guard in listed:
            check_guard(guard)


def test_dependencies_are_few_and_have_floors() -> None:
    """Below these floors vulnerabilities were published: what must be above is not installed, the rest is warned of."""
    own = [Requirement(line) for line in requires("jupyter_codeact") or [] if "extra ==" not in line]
    assert 0 < len(own) <= 9
    for requirement in own:
        assert re.search(r">=", str(requirement.specifier)), f"{requirement} has no floor"
    floors = {name: (Version(floor), level) for name, floor, level in FLOORS}
    assert floors["jupyter_server"] >= (Version("2.21"), "fail")
    assert floors["jupyterlab"] >= (Version("4.6.2"), "warn")
    (server,) = (requirement for requirement in own if canonicalize_name(requirement.name) == "jupyter-server")
    assert not server.specifier.contains("2.20.9")
