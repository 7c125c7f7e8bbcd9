"""Terminal text and HTML as a reader sees them, and both in linear time."""

from __future__ import annotations

import time
from collections.abc import Callable

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_codeact.agent.tables import html_text
from jupyter_codeact.agent.text import count_repeats, cut, plain, size


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("\x1b[1;31mred\x1b[0m \x1b[38;5;28mgreen\x1b[39m", "red green"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]0;title without an end\nnext", "\nnext"),
        ("\x1bM\x1b(B\x1b7ok\x1b8", "ok"),
        ("one\r\ntwo\r\n", "one\ntwo\n"),
        ("  0%|   |\r 50%|#  |\r100%|###|", "100%|###|"),
        ("100%|###|\r", "100%|###|"),
        ("a long line\rshort", "shortg line"),
        ("a long line\r\x1b[Kshort", "short"),
        ("a long line\x1b[2K\rshort", "short"),
        ("1/3\b\b\b2/3\b\b\b3/3", "3/3"),
        ("a\tb", "a\tb"),
        ("\x07\x00\x7f\x85\udfff", "\\x07\\x00\\x7f\\x85\\udfff"),
    ],
)
def test_plain_is_what_a_terminal_shows(raw: str, seen: str) -> None:
    assert plain(raw) == seen


@given(st.text())
def test_plain_has_nothing_left_to_do(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_repeats_are_counted_only_where_that_is_shorter() -> None:
    assert count_repeats("0\n0\n0") == ("0\n0\n0", 0)
    warning = "a warning that is rather long, as they are"
    assert count_repeats("\n".join([warning] * 2 + ["end"])) == (f"{warning}\n[the line above once more]\nend", 1)
    assert count_repeats("\n".join([warning] * 1235)) == (f"{warning}\n[the line above 1,234 times more]", 1234)


@given(st.text(st.sampled_from("ab\n"), max_size=400), st.integers(0, 300))
def test_cut_keeps_both_ends_within_the_limit_and_tells_the_amount(text: str, limit: int) -> None:
    kept, left_out = cut(text, limit)
    if len(text) <= limit:
        assert (kept, left_out) == (text, 0)
        return
    mark = f"[... {left_out:,} characters left out ...]"
    assert len(kept) <= max(limit, len(mark))
    head, _, tail = kept.partition(mark)
    assert text.startswith(head.removesuffix("\n"))
    assert text.endswith(tail.removeprefix("\n"))
    assert left_out <= len(text)


def test_sizes_are_for_readers() -> None:
    assert [size(n) for n in (0, 999, 1000, 48_200, 1_250_000)] == ["0 bytes", "999 bytes", "1 KB", "48 KB", "1.2 MB"]


def test_tables_of_pandas_keep_their_columns() -> None:
    index = pd.MultiIndex.from_tuples([("r", 1), ("r", 2)], names=["g", "n"])
    frame = pd.DataFrame({("a", "x"): [1, 2.5], ("a", "y"): ["q", "long text"]}, index=index)
    text, unread = html_text(frame.to_html())
    assert unread == 0
    assert text.split("\n") == [
        "      a",
        "      x    y",
        "g  n",
        "r  1  1.0  q",
        "   2  2.5  long text",
    ]


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<h1>Hi</h1><p>a <b>b</b><br>c &amp; d&nbsp;e", "Hi\n\na b\nc & d e"),
        ("<style>p {}</style>x<script>if (a < b) </script ><!-- <b>no</b> -->y", "xy"),
        ("<script>never closed", ""),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<![CDATA[x]]><?xml?><!DOCTYPE html>y", "<![CDATA[x]]>y"),
        ("<table><tr><td>a<table><tr><td>in</td></tr></table></td><td>b</table>after", "a in  b\nafter"),
        ("<table><tr><td colspan=2>wide<td>c<tr><td>1<td>2<td>3</table>", "wide     c\n   1  2  3"),
        ("<td>alone", "alone"),
    ],
)
def test_html_loses_its_tags_and_nothing_else(html: str, text: str) -> None:
    assert html_text(html)[0] == text


@given(st.text(st.sampled_from("<>/!-=\"' \n&;abctdrhscriptable13")))
def test_any_html_gives_text(html: str) -> None:
    html_text(html)


def test_beyond_a_megabyte_html_is_not_read() -> None:
    assert html_text("a" * 1_000_100) == ("a" * 1_000_000, 100)


@pytest.mark.parametrize("read", [plain, count_repeats, html_text], ids=lambda each: each.__name__)
@pytest.mark.parametrize(
    "piece",
    [
        "\r",
        "a\r",
        "\b",
        "\x1b",
        "\x1b]",
        "\x1b[",
        "\n",
        "<",
        "<!--",
        "<script>",
        "</",
        "<a ",
        "<a b='",
        "<table><td>",
        "&",
    ],
)
def test_no_input_takes_more_than_linear_time(read: Callable[[str], object], piece: str) -> None:
    text = piece * (400_000 // len(piece))
    started = time.process_time()
    read(text)
    assert time.process_time() - started < 3  # linear: below 0.3 s; quadratic: minutes
