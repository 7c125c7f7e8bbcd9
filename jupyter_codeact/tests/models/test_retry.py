"""When a request is made again, and after how long."""

from __future__ import annotations

import pytest

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.retry import RetryPolicy, retry_after_seconds, what_happened

NOW = 1_800_000_000.0
BUSY = ModelError("HOST is busy; try again later", retryable=True)


def test_waits_double_with_a_jitter_of_a_quarter() -> None:
    policy = RetryPolicy()
    for failed, about in enumerate((1.0, 2.0, 4.0, 8.0), start=1):
        waits = [policy.wait(failed, BUSY) or 0.0 for _ in range(50)]
        assert all(0.75 * about <= wait <= 1.25 * about for wait in waits)
        assert len(set(waits)) > 1
    assert policy.wait(5, BUSY) is None


def test_what_cannot_help_is_not_tried() -> None:
    assert RetryPolicy().wait(1, ModelError("no such model")) is None


@pytest.mark.parametrize(("asked", "wait"), [(0.0, 0.0), (1.0, 1.0), (60.0, 60.0), (61.0, None), (3600.0, None)])
def test_the_endpoints_wish_is_kept_up_to_a_minute(asked: float, wait: float | None) -> None:
    assert RetryPolicy().wait(1, ModelError("busy", retryable=True, retry_after=asked)) == wait


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25),
        ({"retry-after": "Fri, 15 Jan 2027 08:01:00 GMT"}, 60.0),
        ({"retry-after": "Fri, 15 Jan 2021 08:01:00 GMT"}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "1e300"}, 365 * 86400.0),
        ({}, None),
    ],
)
def test_the_wish_in_headers(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(headers, NOW) == seconds


def test_the_announcement() -> None:
    assert RetryPolicy().announce(1, BUSY, 1.234) == "retrying 1/4 in 1.2 s: HOST is busy"
    assert what_happened(ModelError("no advice")) == "no advice"
