"""The bytes of an event stream become the payloads of its events; incremental, pure, linear in time."""

from __future__ import annotations

import codecs
import re

DONE = "[DONE]"
"""The payload by which an OpenAI-compatible endpoint closes a stream; it proves nothing about the reply."""

_LINE_END = re.compile(r"\r\n|\r|\n")


class EventDecoder:
    """Decodes one stream of server-sent events (WHATWG HTML, section 9.2.6), as far as chat completions use them.

    However the bytes are cut into pieces, the payloads are the same. Comments and fields other than `data` are
    dropped; several data lines of an event are joined by a line feed; invalid UTF-8 becomes U+FFFD.
    """

    def __init__(self) -> None:
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._line: list[str] = []
        self._data: list[str] = []
        self._after_return = False
        self._started = False

    def feed(self, data: bytes) -> list[str]:
        """The payloads of the events that `data` completes, in order."""
        return self._take(self._utf8.decode(data))

    def close(self) -> list[str]:
        """The payload that the end of the stream left without its blank line, if there is one."""
        return self._take(self._utf8.decode(b"", final=True) + "\n\n")

    def _take(self, text: str) -> list[str]:
        if not text:
            return []
        if not self._started:
            self._started = True
            text = text.removeprefix("\ufeff")
        if self._after_return:
            text = text.removeprefix("\n")
            self._after_return = False
        # A carriage return ends its line at once: waiting for a line feed that may follow would delay the event.
        if text.endswith("\r"):
            self._after_return = True
        *ends, rest = _LINE_END.split(text) if "\r" in text else text.split("\n")
        payloads: list[str] = []
        for end in ends:
            self._line.append(end)
            line = "".join(self._line) if len(self._line) > 1 else end
            self._line.clear()
            self._end_line(line, payloads)
        if rest:
            self._line.append(rest)
        return payloads

    def _end_line(self, line: str, payloads: list[str]) -> None:
        if not line:
            if self._data:
                payloads.append("\n".join(self._data))
                self._data.clear()
        elif line.startswith("data:"):
            self._data.append(line[6:] if line.startswith("data: ") else line[5:])
