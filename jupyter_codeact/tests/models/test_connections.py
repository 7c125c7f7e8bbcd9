"""Which connection is used, and where connections are kept."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from jupyter_codeact.errors import Invalid, Unknown
from jupyter_codeact.events import Price
from jupyter_codeact.models.connection import OPENAI_URL, Connection
from jupyter_codeact.models.connections import OFFLINE, ConnectionStore, resolve

KEY = "sk-canary-0123456789"
FLAGS = Connection(base_url="http://flags/v1", model="f")
TRAITS = Connection(base_url="http://traits/v1", api_key="trait-key", model="t")
STORED = Connection(name="mine", base_url="http://stored/v1", api_key="stored-key", model="s")
OWN = {
    "JUPYTER_CODEACT_BASE_URL": "http://own/v1",
    "JUPYTER_CODEACT_API_KEY": "own-key",
    "JUPYTER_CODEACT_MODEL": "o",
}
OPENAI = {"OPENAI_BASE_URL": "http://openai/v1", "OPENAI_API_KEY": "openai-key"}


def test_the_first_source_wins() -> None:
    environment = {**OWN, **OPENAI}
    found = [
        resolve(flags=FLAGS, traits=TRAITS, stored=STORED, environment=environment),
        resolve(traits=TRAITS, stored=STORED, environment=environment),
        resolve(stored=STORED, environment=environment),
        resolve(environment=environment),
        resolve(environment=OPENAI),
    ]
    hosts = [connection.host for connection in found if connection]
    assert hosts == ["flags", "traits", "stored", "own", "openai"]
    assert [connection.name for connection in found if connection] == ["flags", "traits", "mine", "own", "openai"]
    assert resolve() is None


def test_a_key_is_used_only_for_its_own_endpoint() -> None:
    connection = resolve(flags=FLAGS, traits=TRAITS, stored=STORED, environment={**OWN, **OPENAI})
    assert connection is not None
    assert (connection.api_key, connection.model) == ("", "f")


def test_a_key_without_an_address_serves_the_address_of_the_flags() -> None:
    connection = resolve(flags=FLAGS, environment={"JUPYTER_CODEACT_API_KEY": KEY})
    assert connection is not None
    assert connection.api_key == KEY


def test_an_administrators_key_does_not_follow_a_users_address() -> None:
    traits = Connection(api_key=KEY)
    elsewhere = resolve(flags=FLAGS, traits=traits)
    assert elsewhere is not None
    assert (elsewhere.host, elsewhere.api_key) == ("flags", "")
    first = resolve(traits=traits, stored=STORED)
    assert first is not None
    assert (first.host, first.api_key) == ("api.openai.com", KEY)


def test_a_stored_key_without_an_address_is_for_openai() -> None:
    elsewhere = resolve(flags=FLAGS, stored=Connection("mine", api_key=KEY))
    assert elsewhere is not None
    assert elsewhere.api_key == ""


@pytest.mark.parametrize("source", [Connection(api_key_file="/key"), Connection(api_key_command="pass show key")])
def test_where_a_key_is_told_counts_as_the_key(source: Connection) -> None:
    alone = resolve(traits=source)
    assert alone is not None
    assert (alone.url, alone.has_key) == (OPENAI_URL, True)
    stored = resolve(traits=source, stored=STORED)
    assert stored is not None
    assert (stored.host, stored.has_key) == ("api.openai.com", True)
    flags = resolve(flags=FLAGS, traits=source)
    assert flags is not None
    assert (flags.host, flags.has_key) == ("flags", False)


def test_what_is_known_of_a_model_holds_for_that_model_only() -> None:
    known = Connection(
        "mine", "http://h/v1", model="s", price=Price(prompt=1, completion=2), context_tokens=4096, vision=False
    )
    same = resolve(stored=known)
    assert same is not None
    assert (same.price, same.context_tokens, same.vision) == (known.price, 4096, False)
    other = resolve(flags=Connection(model="big"), stored=known)
    assert other is not None
    assert (other.price, other.context_tokens, other.vision) == (None, None, None)
    administrators = resolve(traits=Connection(context_tokens=100, vision=True), stored=known)
    assert administrators is not None
    assert (administrators.price, administrators.context_tokens, administrators.vision) == (known.price, 100, True)


def test_openais_key_is_for_openai() -> None:
    connection = resolve(environment={"OPENAI_API_KEY": KEY})
    assert connection is not None
    assert (connection.url, connection.api_key) == (OPENAI_URL, KEY)
    elsewhere = resolve(flags=FLAGS, environment={"OPENAI_API_KEY": KEY})
    assert elsewhere is not None
    assert elsewhere.api_key == ""


def test_a_model_alone_is_asked_of_the_next_endpoint() -> None:
    connection = resolve(flags=Connection(model="big"), stored=STORED)
    assert connection is not None
    assert (connection.host, connection.model, connection.api_key) == ("stored", "big", "stored-key")


def test_the_offline_analyst_can_be_chosen() -> None:
    assert resolve(flags=Connection(model=OFFLINE), stored=STORED) is None
    assert resolve(stored=Connection(name=OFFLINE), environment=OPENAI) is None
    assert resolve(traits=TRAITS, stored=Connection(name=OFFLINE)) is not None


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://u:p@Host:8000/v1/?key=x", "host:8000"),
        ("https://[::1]:1/v1", "[::1]:1"),
        ("", "api.openai.com"),
        ("nonsense", ""),
        ("http://[bad", ""),
    ],
)
def test_hosts(url: str, host: str) -> None:
    assert Connection(base_url=url).host == host
    assert "key=x" not in Connection(base_url=url).shown_url


def test_the_path_of_requests_is_no_part_of_a_base_url() -> None:
    assert Connection(base_url=" http://h/v1/chat/completions/ ").url == "http://h/v1"


def test_nothing_shows_a_key() -> None:
    connection = Connection("n", f"http://u:{KEY}@h/v1?k={KEY}", KEY, "m", {"X": KEY}, {"y": KEY})
    assert "canary" not in f"{connection!r} {connection}"


def test_the_store_keeps_connections(tmp_path: Path) -> None:
    store = ConnectionStore(tmp_path / "codeact")
    assert store.list() == ()
    assert ConnectionStore(tmp_path / "codeact").chosen is None
    full = Connection(
        "b",
        "http://b/v1",
        KEY,
        "m",
        {"X-Y": "z"},
        {"top_p": 0.5},
        price=Price(prompt=0.5, completion=1.0),
        context_tokens=1,
        vision=False,
    )
    store.put(full)
    store.put(Connection("a", "http://a/v1"))
    assert store.list() == (Connection("a", "http://a/v1", extra_headers={}, extra_body={}), full)
    assert store.chosen == full
    store.choose("a")
    assert ConnectionStore(tmp_path / "codeact").chosen == store.get("a")
    store.choose(OFFLINE)
    assert store.chosen == Connection(name=OFFLINE)
    store.choose("a")
    store.delete("a")
    assert store.list() == (full,)
    assert ConnectionStore(tmp_path / "codeact").chosen is None


def test_the_file_is_for_its_owner_only_and_whole(tmp_path: Path) -> None:
    store = ConnectionStore(tmp_path / "codeact")
    store.put(STORED)
    file = tmp_path / "codeact" / "connections.json"
    file.chmod(0o644)
    store.put(Connection("other", "http://other/v1"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == ["connections.json"]


def test_a_change_without_a_key_keeps_it_for_the_same_endpoint_only(tmp_path: Path) -> None:
    store = ConnectionStore(tmp_path)
    store.put(STORED)
    store.put(Connection("mine", "http://stored/v2", model="other"))
    assert store.get("mine").api_key == "stored-key"
    store.put(Connection("mine", "http://elsewhere/v1"))
    assert store.get("mine").api_key == ""


def test_what_is_not_shown_is_kept_for_the_same_endpoint_only(tmp_path: Path) -> None:
    hidden = Connection("a", f"http://user:{KEY}@h/v1?token={KEY}#x", extra_headers={"X-Key": KEY})
    assert hidden.shown_url == "http://h/v1"
    store = ConnectionStore(tmp_path)
    store.put(hidden)
    store.put(Connection("a", hidden.shown_url, model="m"))
    assert (store.get("a").base_url, store.get("a").extra_headers) == (hidden.base_url, {"X-Key": KEY})
    store.put(Connection("a", "https://h/v1"))
    assert (store.get("a").base_url, store.get("a").extra_headers) == ("https://h/v1", {})


def test_damage_is_named_and_left(tmp_path: Path) -> None:
    file = tmp_path / "connections.json"
    file.write_text(f'{{"connections": {{"x": "{KEY}')
    store = ConnectionStore(tmp_path)
    with pytest.raises(Invalid, match=r"connections\.json is damaged") as caught:
        store.put(STORED)
    assert "canary" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert KEY in file.read_text()
    for content in ([1], {"connections": [1]}, {"connections": {"a": 1}}, {"connections": {"a": {"extra_body": 1}}}):
        file.write_text(json.dumps(content))
        with pytest.raises(Invalid, match="damaged"):
            store.list()


def test_a_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Invalid, match="cannot be"):
        ConnectionStore(tmp_path / "file" / "codeact").put(STORED)


def test_names_that_cannot_be(tmp_path: Path) -> None:
    store = ConnectionStore(tmp_path)
    for name in ("", OFFLINE):
        with pytest.raises(Invalid):
            store.put(Connection(name, "http://h/v1"))
    for act in (store.get, store.choose, store.delete):
        with pytest.raises(Unknown):
            act("nobody")
