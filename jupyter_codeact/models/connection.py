"""One endpoint and how to use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from jupyter_codeact.events import Price

OPENAI_URL = "https://api.openai.com/v1"


@dataclass(frozen=True)
class Connection:
    """An OpenAI-compatible endpoint: where it is, the key for it, the model asked for, and what is known of that model.

    `name` is for the user; an empty `base_url` means OpenAI's own, an empty `model` the endpoint's first. The key is
    given, or told by a file or a command, see `models.keys`. `context_tokens` is how many tokens a request and its
    reply may have, `vision` whether the model takes images; None where that is not known. Its `repr` shows neither the
    key nor headers, which often hold one, nor what a URL may hide.
    """

    name: str = ""
    base_url: str = ""
    api_key: str = field(default="", repr=False)
    model: str = ""
    extra_headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    extra_body: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    api_key_file: str = ""
    api_key_command: str = field(default="", repr=False)
    price: Price | None = None
    context_tokens: int | None = None
    vision: bool | None = None

    def __repr__(self) -> str:
        return f"Connection(name={self.name!r}, host={self.host!r}, model={self.model!r})"

    @property
    def url(self) -> str:
        """The base URL in use, without a slash or the path of a request at its end."""
        return (self.base_url.strip() or OPENAI_URL).rstrip("/").removesuffix("/chat/completions")

    @property
    def shown_url(self) -> str:
        """The base URL without what may be secret: user name, password, query and fragment."""
        try:
            parts = urlsplit(self.base_url.strip())
        except ValueError:
            return ""
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()

    @property
    def has_key(self) -> bool:
        """Whether there is a key, or something that tells it."""
        return bool(self.api_key or self.api_key_file or self.api_key_command)

    @property
    def host(self) -> str:
        """Host and port, safe to show; empty when the base URL has none."""
        return host_of(self.url)

    @property
    def origin(self) -> tuple[str, str]:
        """Scheme and host: what a key is for."""
        return url_scheme(self.url), self.host


def host_of(url: str) -> str:
    """Host and port of `url`, without user name and password; empty when there is none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


def url_scheme(url: str) -> str:
    """The scheme of `url` in lower case; empty when there is none."""
    return url.partition("://")[0].lower() if "://" in url else ""
