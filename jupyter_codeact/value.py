"""The base of events, notices and the values inside them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """Never changes, and has no fields that its class does not name."""

    model_config = ConfigDict(frozen=True, extra="forbid")
