"""Which optional part of a request an error text refuses, in the words of real servers."""

from __future__ import annotations

from typing import Any

import pytest

from jupyter_codeact.models.refusals import IMAGE_NOTE, IMAGES, TOOLS, refused_part, without

IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
BODY: dict[str, Any] = {
    "model": "m",
    "messages": [{"role": "user", "content": [{"type": "text", "text": "see"}, IMAGE]}],
    "stream_options": {"include_usage": True},
    "stop": ["x"],
    "temperature": 0.1,
}
WORDS = {**BODY, "messages": [{"role": "user", "content": "see"}]}


@pytest.mark.parametrize(
    ("status", "said", "part"),
    [
        (400, "Unrecognized request argument supplied: stream_options", "stream_options"),
        (422, '[{"type":"extra_forbidden","loc":["body","stream_options"]}]', "stream_options"),
        (400, "Unsupported parameter: 'stop' is not supported with this model. [stop]", "stop"),
        (400, "Unsupported value: 'temperature' does not support 0.1 with this model", "temperature"),
        (400, "messages[0]: unknown variant `image_url`, expected `text`", IMAGES),
        (500, "image input is not supported - hint: you may need to provide the mmproj", IMAGES),
        (404, "No endpoints found that support image input", IMAGES),
        (422, '[{"loc":["body","messages",0,"content"],"msg":"Input should be a valid string"}]', IMAGES),
        (400, "the request was stopped", None),
        (503, "stream_options", None),
        (400, "something else", None),
    ],
)
def test_refused_parts(status: int, said: str, part: str | None) -> None:
    assert refused_part(status, said, BODY) == part


@pytest.mark.parametrize(
    ("status", "said", "part"),
    [
        (400, "this model does not support tools", TOOLS),
        (500, "tools param requires --jinja flag", TOOLS),
        (404, "No endpoints found that support tool use", TOOLS),
        (404, "no such model", None),
        (503, "the tools are overloaded", None),
        (400, "image input is not supported", IMAGES),
        (400, "'stop' is not supported with tools", "stop"),
    ],
)
def test_refused_functions(status: int, said: str, part: str | None) -> None:
    assert refused_part(status, said, {**BODY, "tools": [{}]}) == part


def test_what_was_not_sent_cannot_be_refused() -> None:
    assert refused_part(400, "no image_url here", WORDS) is None
    assert refused_part(400, "no tools here", BODY) is None
    assert refused_part(400, "stop", {"model": "m", "messages": []}) is None


def test_the_request_without_refused_parts() -> None:
    reduced = without(BODY, {IMAGES, "stop"})
    assert reduced["messages"] == [{"role": "user", "content": f"see\n{IMAGE_NOTE}"}]
    assert set(reduced) == {"model", "messages", "stream_options", "temperature"}
    assert without(WORDS, {IMAGES})["messages"] == WORDS["messages"]
