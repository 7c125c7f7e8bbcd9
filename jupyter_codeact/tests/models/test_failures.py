"""Failures in words: one line, what to do, no secret."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.failures import Failures

KEY = "sk-canary-0123456789abcdef"
FAILURES = Failures(
    Connection(
        base_url=f"https://user:pass-canary@models.example:8443/v1?token={KEY}-query",
        api_key=KEY,
        model="m",
        extra_headers={"X-Key": "header-canary-42"},
    )
)


@pytest.mark.parametrize(
    ("status", "body", "reason", "words"),
    [
        (401, '{"error": {"message": "bad key"}}', "unauthorized", "refused the API key (bad key)"),
        (403, "", "unauthorized", "set a valid key"),
        (404, '{"error": {"message": "model \'m\' not found"}}', "not_found", "does not know the model 'm'"),
        (404, "404 page not found", "not_found", "it usually ends in /v1"),
        (400, '{"error": {"message": "nope", "code": "model_not_found"}}', "not_found", "choose one that it lists"),
        (405, "", "not_found", "check the base URL"),
        (400, '{"error": {"message": "x", "code": "context_length_exceeded"}}', "context_too_long", "too long for"),
        (400, '{"error": {"message": "exceeds the available context size"}}', "context_too_long", "longer context"),
        (500, '{"error": "the input is too long, prompt is too long"}', "context_too_long", "show the model less"),
        (402, "", "refused", "the quota at models.example:8443 is spent"),
        (429, '{"error": {"code": "insufficient_quota", "message": "m"}}', "refused", "add credit"),
        (429, '{"error": {"message": "slow down"}}', "rate_limited", "limits the rate"),
        (503, "<html>busy</html>", "server_error", "models.example:8443 failed with status 503; try again later"),
        (529, '{"error": {"type": "overloaded_error", "message": "Overloaded"}}', "server_error", "(Overloaded)"),
        (400, '{"detail": [{"msg": "field required"}]}', "refused", "field required"),
        (418, '"teapot"', "refused", "with status 418 (teapot)"),
    ],
)
def test_statuses_in_words(status: int, body: str, reason: str, words: str) -> None:
    error = FAILURES.status(status, {}, body, 0.0)
    assert error.reason == reason
    assert words in str(error)
    assert error.retryable == (reason in {"rate_limited", "server_error"})
    assert "; " in str(error)


@pytest.mark.parametrize("location", ["", "http://[bad", "//", "?", "mailto:x"])
def test_odd_redirects_are_told(location: str) -> None:
    assert "redirects to" in str(FAILURES.status(302, {"location": location}, "", 0.0))


def test_odd_bodies_are_told() -> None:
    for body in ("[" * 100_000, "null", "3", '{"error": null}', '{"error": {"code": {}, "message": 5}}', "\ud800"):
        assert "status 400" in str(FAILURES.status(400, {}, body, 0.0))


def test_a_long_wait_is_told_with_its_time() -> None:
    error = FAILURES.status(429, {"retry-after": "3600"}, "", 1_800_000_000.0)
    assert str(error).endswith("try again in 60 minutes, at 2027-01-15 09:00 UTC")
    assert error.retry_after == 3600


@pytest.mark.parametrize(
    ("problem", "reason", "retryable"),
    [
        ({"message": "overloaded", "code": 503}, "server_error", True),
        ({"message": "slow", "type": "rate_limit_exceeded"}, "rate_limited", True),
        ({"message": "bad", "code": 400}, "refused", False),
        ({"message": "x", "code": "context_length_exceeded"}, "context_too_long", False),
        ("something broke", "server_error", True),
    ],
)
def test_errors_in_the_stream(problem: object, reason: str, retryable: bool) -> None:
    error = FAILURES.reported(problem)
    assert (error.reason, error.retryable) == (reason, retryable)


SECRETS = [KEY, f"Bearer {KEY}", f"{KEY}-query", "pass-canary", "header-canary-42", f"{KEY[:20]}...", f"é\n{KEY}\x00"]


@pytest.mark.parametrize("secret", SECRETS)
@given(before=st.text(max_size=320), after=st.text(max_size=20))
def test_no_text_shows_a_secret(secret: str, before: str, after: str) -> None:
    said = f"{before} {secret}{after}"
    errors: list[ModelError] = [
        FAILURES.status(400, {}, said, 0.0),
        FAILURES.reported({"message": said}),
        FAILURES.status(307, {"location": f"https://u:{secret}@other.example/v1?k={secret}"}, "", 0.0),
        FAILURES.status(307, {"location": said}, "", 0.0),
        FAILURES.cut(FAILURES.quote(said)),
        FAILURES.not_streamed(said),
        FAILURES.unreachable([OSError(said)], 5.0),
        FAILURES.unusable(ValueError(said)),
    ]
    for error in errors:
        assert "canary" not in str(error) + repr(vars(error))
        assert len(str(error).splitlines()) == 1
        assert len(str(error)) < 700
