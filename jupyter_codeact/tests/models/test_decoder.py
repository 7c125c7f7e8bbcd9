"""The decoder of event streams."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.models.decoder import EventDecoder

line_ends = st.sampled_from([b"\n", b"\r\n", b"\r"])
contents = st.one_of(
    st.text(alphabet=st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12).map(str.encode),
    st.binary(max_size=6).map(lambda data: data.replace(b"\r", b"").replace(b"\n", b"")),
    st.just("é😀\u2028".encode()),
)
lines = st.tuples(st.sampled_from([b"data: ", b"data:", b": ", b"event: ", b"", b"da"]), contents, line_ends)
streams = st.lists(st.one_of(lines.map(b"".join), line_ends), max_size=20).map(b"".join)


def decode(*pieces: bytes) -> list[str]:
    decoder = EventDecoder()
    payloads = [payload for piece in pieces for payload in decoder.feed(piece)]
    return payloads + decoder.close()


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_events_with_every_line_end(end: bytes) -> None:
    stream = end.join([b"data: one", b"", b"data:two", b"data: three", b"", b"data: [DONE]", b"", b""])
    assert decode(stream) == ["one", "two\nthree", "[DONE]"]


def test_comments_and_other_fields_are_no_data() -> None:
    assert decode(b": ping\n\nevent: x\nid: 1\nretry: 5\n\n: ping\ndata: a\n: ping\n\n") == ["a"]


def test_only_the_line_ends_of_the_protocol_end_a_line() -> None:
    assert decode("data: a\u2028b\x0bc\x85d\n\n".encode()) == ["a\u2028b\x0bc\x85d"]


def test_characters_cut_between_pieces() -> None:
    stream = "\ufeffdata: é😀\n\n".encode()
    assert decode(*(bytes([byte]) for byte in stream)) == ["é😀"]


def test_invalid_utf8_is_replaced() -> None:
    assert decode(b"data: a\xff\xfeb\xe2\x82\n\n") == ["a\ufffd\ufffdb\ufffd"]


def test_an_event_without_its_blank_line_is_kept_at_the_end() -> None:
    assert decode(b"data: a\n\ndata: b") == ["a", "b"]


def test_an_event_ends_with_its_carriage_return() -> None:
    assert EventDecoder().feed(b"data: a\r\n\r") == ["a"]


@given(streams, st.data())
def test_payloads_do_not_depend_on_the_pieces(stream: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert decode(*pieces) == decode(stream)
    assert decode(*(bytes([byte]) for byte in stream)) == decode(stream)


def test_time_is_linear_in_the_length_of_a_line() -> None:
    def seconds(pieces: int) -> float:
        decoder = EventDecoder()
        decoder.feed(b"data: ")
        started = time.process_time()
        for _ in range(pieces):
            decoder.feed(b"x" * 10)
        assert decoder.feed(b"\n\n") == ["x" * 10 * pieces]
        return time.process_time() - started

    short = min(seconds(20_000) for _ in range(3))
    assert min(seconds(160_000) for _ in range(3)) < 24 * short
