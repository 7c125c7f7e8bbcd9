"""The table of docs/reliability.md is true: every fault has a row, and the tests that a row names are there."""

from __future__ import annotations

import pytest

from jupyter_codeact.tests.tables import check_guard, check_row, guards, rows

FAULTS = rows("reliability.md", "F")


def test_every_fault_has_a_row_in_order() -> None:
    assert list(FAULTS) == [f"F{number}" for number in range(1, 38)]


@pytest.mark.parametrize("fault", list(FAULTS))
def test_the_tests_of_a_fault_exist(fault: str) -> None:
    assert len(FAULTS[fault]) == 4
    check_row(FAULTS[fault])


def test_what_was_taken_out_is_there_for_every_fault() -> None:
    """Each row has a test that was seen failing without what it guards; that is still where the list says."""
    taken_out = guards("reliability.md", "F")
    assert list(taken_out) == list(FAULTS)
    for listed in taken_out.values():
        assert listed
        for guard in listed:
            check_guard(guard)
