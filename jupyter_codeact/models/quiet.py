"""Keeps the HTTP libraries' own log lines of our requests out of every log.

They show full URLs at INFO and headers at DEBUG, where keys may stand. Their loggers belong to everyone in the process,
so nothing of them is reconfigured: a filter drops only what is logged while one of our requests is being sent.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

_sending: ContextVar[bool] = ContextVar("jupyter_codeact_sending", default=False)
_LAYERS = ("connection", "http11", "http2", "proxy", "socks")
_NAMES = (
    "openai",
    "openai._base_client",
    "openai._response",
    "httpx",
    "httpx2",
    *(f"{package}.{layer}" for package in ("httpcore", "httpcore2") for layer in _LAYERS),
)


@contextmanager
def quiet() -> Iterator[None]:
    """Within it, the HTTP libraries log nothing; other tasks' requests do."""
    _install()
    token = _sending.set(True)
    try:
        yield
    finally:
        _sending.reset(token)


@cache
def _install() -> None:
    for name in _NAMES:
        logging.getLogger(name).addFilter(_not_ours)


def _not_ours(record: logging.LogRecord) -> bool:
    return not _sending.get()
