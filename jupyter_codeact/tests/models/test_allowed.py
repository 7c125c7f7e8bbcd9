"""Which endpoints and models the administrator allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.errors import Forbidden
from jupyter_codeact.models.allowed import ALL, Allowed
from jupyter_codeact.models.connection import Connection

HOSTS = Allowed(hosts=("api.openai.com", "*.Example.org", "localhost:11434", "127.0.0.1:*"))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://api.openai.com/v1",
        "https://API.openai.com:443/v1",
        "http://api.openai.com:80",
        "https://models.example.org/v1",
        "http://localhost:11434/v1",
        "http://127.0.0.1:8000/v1",
    ],
)
def test_allowed_hosts(url: str) -> None:
    HOSTS.check(Connection(base_url=url))


@pytest.mark.parametrize(
    "url",
    [
        "https://api.openai.com.evil.org/v1",
        "https://api.openai.com:8443/v1",
        "https://api.openai.com@evil.org/v1",
        "https://evil.org/api.openai.com",
        "https://evil.org\\@api.openai.com/v1",
        "https://evil.org\\.example.org/v1",
        "https://evil.org#.example.org",
        "https://evil.org?.example.org",
        "https://evil.org/.example.org",
        "https://evil.org%2f.example.org/v1",
        "https://evil.org .example.org/v1",
        "https://example.org/v1",
        "https://.example.org/v1",
        "http://localhost/v1",
        "https://api.openai.com./v1",
        "nonsense",
        "http://[bad",
    ],
)
def test_other_hosts(url: str) -> None:
    with pytest.raises(Forbidden, match=r"does not allow connections to .*; allowed hosts: api\.openai\.com"):
        HOSTS.check(Connection(base_url=url))


def test_models() -> None:
    allowed = Allowed(models=("qwen*", "gpt-?"))
    for name in ("qwen2.5-coder:14b", "gpt-5", ""):
        allowed.check(Connection(model=name))
    with pytest.raises(Forbidden, match=r"the model 'gpt-55'; allowed models: qwen\*, gpt-\?"):
        allowed.check(Connection(model="gpt-55"))
    assert not allowed.permits(Connection(model="Qwen"))


@given(st.text(), st.text())
def test_without_patterns_all_is_allowed(url: str, model: str) -> None:
    assert ALL.permits(Connection(base_url=url, model=model))


@given(st.text(max_size=20), st.sampled_from(["", "@", "\\", "/", "#", "?", ":", ".", "%", "\t", "\n"]))
def test_a_host_within_an_address_is_not_its_host(before: str, between: str) -> None:
    connection = Connection(base_url=f"https://{before}{between}evil.org/v1")
    assert connection.host.endswith("evil.org") is False or not HOSTS.permits(connection)
