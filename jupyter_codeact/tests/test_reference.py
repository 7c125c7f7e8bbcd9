"""The documentation says what the code does."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from jupyter_codeact import reference
from jupyter_codeact.models.choice import VARIABLES
from jupyter_codeact.models.connection import OPENAI_URL, Connection
from jupyter_codeact.models.providers import HOSTED, LOCAL, Provider
from jupyter_codeact.settings import CodeAct


def test_the_pages_are_current() -> None:
    assert reference.main(["--check"]) == 0


def test_a_stale_page_is_found_and_written(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    docs = tmp_path_factory.mktemp("docs")
    monkeypatch.setattr(reference, "DOCS", docs)
    for name in reference.PAGES:
        (docs / name).write_text("<!-- generated: local -->\nold\n<!-- end: local -->\nkept\n", "utf-8")
    assert reference.main(["--check"]) == 1
    assert reference.main([]) == 0
    assert reference.main(["--check"]) == 0
    assert (docs / "connections.md").read_text("utf-8").endswith("<!-- end: local -->\nkept\n")
    assert reference.local() in (docs / "connections.md").read_text("utf-8")


def test_every_setting_provider_and_variable_is_in_the_documentation() -> None:
    pages = {name: (reference.DOCS / name).read_text("utf-8") for name in reference.PAGES}
    for name, trait in CodeAct.class_own_traits(config=True).items():
        assert f"`CodeAct.{name}`" in pages["configuration.md"]
        assert trait.help, name
    assert all(name in pages["configuration.md"] for name in VARIABLES)
    assert all(item.base_url in pages["connections.md"] for item in (*HOSTED, *LOCAL))


@pytest.mark.parametrize("provider", HOSTED, ids=[provider.name for provider in HOSTED])
def test_a_provider_is_well_formed(provider: Provider) -> None:
    assert provider.base_url.startswith("https://")
    assert Connection(base_url=provider.base_url).url == provider.base_url
    assert urlsplit(provider.key_page).scheme == "https"
    assert provider.note.endswith(".")


def test_names_and_addresses_are_unique() -> None:
    assert len({item.name for item in (*HOSTED, *LOCAL)}) == len({item.base_url for item in (*HOSTED, *LOCAL)})
    assert HOSTED[0].base_url == OPENAI_URL
