"""The codes of what a cell may do that a careful user wants to be asked about."""

from __future__ import annotations

from typing import Literal, TypeAlias

Risk: TypeAlias = Literal[
    "unchecked",
    "hidden",
    "deletes",
    "overwrites",
    "outside",
    "network",
    "installs",
    "shell",
    "secrets",
    "kills",
    "rights",
    "long",
    "unseen",
]
"""Journals outlive code: codes are added, never renamed."""
