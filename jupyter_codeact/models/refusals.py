"""Parts of a request that an endpoint refuses, and the request without them; pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Any, Final

IMAGES: Final = "images"
TOOLS: Final = "tools"
IMAGE_NOTE: Final = "[an image was left out: this model does not take images]"

_OPTIONAL = ("stream_options", "stop", "temperature")
_REFUSING_STATUS = frozenset({400, 415, 422})
# Servers without vision refuse images with other codes, too: llama.cpp with 500, OpenRouter with 404.
_REFUSING_IMAGES_STATUS = _REFUSING_STATUS | {404, 500, 501}
_ABOUT_IMAGES = re.compile(
    r"image|vision|multi-?modal|content.{0,40}(must be|should be|expected|valid).{0,20}string", re.IGNORECASE
)
# Some servers cannot offer functions to a model, or not as they were started: llama.cpp said so with 500.
_REFUSING_TOOLS_STATUS = _REFUSING_STATUS | {404, 500, 501}
_ABOUT_TOOLS = re.compile(r"\btools?\b|\btool[_-]|\bfunction[ _-]?call", re.IGNORECASE)


def refused_part(status: int, said: str, body: Mapping[str, Any]) -> str | None:
    """The optional part of `body` that `said`, an error text with that HTTP status, refuses; None for no such part.

    A part is a parameter's name, `TOOLS` and `IMAGES` among them.
    """
    if status in _REFUSING_STATUS:
        for name in _OPTIONAL:
            if name in body and re.search(rf"(?<![\w]){name}(?![\w])", said, re.IGNORECASE):
                return name
    if status in _REFUSING_IMAGES_STATUS and _ABOUT_IMAGES.search(said) and _has_images(body):
        return IMAGES
    if status in _REFUSING_TOOLS_STATUS and TOOLS in body and _ABOUT_TOOLS.search(said):
        return TOOLS
    return None


def without(body: Mapping[str, Any], parts: Set[str]) -> dict[str, Any]:
    """`body` without these optional parts; in the place of images stands a note in words."""
    kept = {name: value for name, value in body.items() if name not in parts}
    if IMAGES in parts:
        kept["messages"] = [_in_words(message) for message in body["messages"]]
    return kept


def _has_images(body: Mapping[str, Any]) -> bool:
    return any(
        part.get("type") == "image_url"
        for message in body["messages"]
        if isinstance(message["content"], list)
        for part in message["content"]
    )


def _in_words(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The message with one text as content: servers without vision often take nothing else."""
    if not isinstance(message["content"], list):
        return message
    parts = message["content"]
    texts = [part["text"] if part.get("type") == "text" else IMAGE_NOTE for part in parts]
    return {**message, "content": "\n".join(texts)}
