"""The format `execute`, that of CodeActAgent (arXiv 2402.01030): `<thought>`, `<execute>`, `<solution>`.

`</execute>` is sent as a stop string, which servers cut off: a whole reply that ends in an open `<execute>` has it
closed. Tags in backticks, in code blocks and in `<think>` are mentioned, not meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from jupyter_codeact.agent.actions import Action, RunCell, answer, check_whole
from jupyter_codeact.agent.enclosed import CLOSING, OPENING, Enclosed, open_tail
from jupyter_codeact.agent.source import runnable
from jupyter_codeact.agent.thoughts import without_thoughts
from jupyter_codeact.errors import FormatError
from jupyter_codeact.models.model import CallDelta
from jupyter_codeact.tool_call import ToolCall

_SOLUTION, _SOLUTION_END = "<solution>", "</solution>"
_THOUGHT, _THOUGHT_END = "<thought>", "</thought>"
_THINK, _THINK_END = "<think>", "</think>"
_TAGS = (OPENING, _SOLUTION, _THOUGHT, _THOUGHT_END, _THINK, _THINK_END)
_TOKEN = re.compile("|".join([*_TAGS, "`+|~+|\n"]))
_CUT_TAG = re.compile(r"</(?:e(?:x(?:e(?:c(?:u(?:te?)?)?)?)?)?)?\Z")


class ExecuteParser:
    """Implements `ReplyParser` for a kernel of `language`."""

    call: ToolCall | None = None

    def __init__(self, language: str) -> None:
        self._language = language.lower()
        self.read = 0
        self._said: list[str] = []
        self._held = ""
        self._prose = _Prose()
        self._code: Enclosed | None = None
        self._solution: int | None = None  # where the solution begins; what follows it does not act

    def feed(self, text: str, calls: Sequence[CallDelta] = ()) -> RunCell | None:
        self._said.append(text)
        return self._go_on(text, last=False)

    def finish(self, finish_reason: str) -> Action:
        if action := self._go_on("", last=True):
            return action
        said = "".join(self._said)
        if self._solution is not None:
            solution, closed, _ = said[self._solution :].partition(_SOLUTION_END)
            if not closed:
                check_whole(finish_reason)
            return answer(solution, f"code in {OPENING}")
        check_whole(finish_reason)
        if self._code is None:
            return answer(without_thought_tags(without_thoughts(said)), f"code in {OPENING}")
        if self._code.closed_in_string is not None:
            return self._action(self._code, self._code.closed_in_string)
        if not self._code.sure:
            raise FormatError(
                f"{OPENING} in the middle of a line was not closed, and nothing was run. To run code, put {OPENING} at "
                "the beginning of a line; to mention the tag, put it in backticks."
            )
        return RunCell(runnable(_CUT_TAG.sub("", self._code.code(self.read))), self._code.opened, self.read)

    def _go_on(self, text: str, *, last: bool) -> RunCell | None:
        text = self._held + text
        if self._code is None and self._solution is None:
            text = self._read_prose(text, last=last)
        if self._solution is not None:
            self.read, self._held = self.read + len(text), ""
            return None
        if self._code is None:
            self._held = text
            return None
        closed, self._held = self._code.feed(text, last=last)
        self.read = self._code.read
        return None if closed is None else self._action(self._code, closed)

    def _read_prose(self, text: str, *, last: bool) -> str:
        """What is left of `text` behind the tag of an action or a solution, or at the end, to be fed again."""
        position = 0
        while sign := _TOKEN.search(text, position):
            self._prose.plain(text[position : sign.start()])
            position = sign.end()
            if self._prose.meets(sign[0]):
                opened, self.read = self.read + sign.start(), self.read + position
                if sign[0] == OPENING:
                    self._code = Enclosed(self._language, opened, sure=self._prose.blank)
                else:
                    self._solution = self.read
                return text[position:]
        kept = len(text) if last else open_tail(text, _TAGS, position)
        self._prose.plain(text[position:kept])
        self.read += kept
        return text[kept:]

    def _action(self, code: Enclosed, end: int) -> RunCell:
        return RunCell(runnable(code.code(end)), code.opened, end + len(CLOSING))


class _Prose:
    """Where in the prose a reply stands; `blank`: nothing but white space and tags is before it in its line."""

    def __init__(self) -> None:
        self.blank = True
        self._thinking = False
        self._mark, self._count = "", 0  # the run of backticks or tildes that is being read
        self._mark_begins_line = False
        self._span = 0  # backticks of the open code span
        self._fence = ("", 0)  # the marks of the open code block

    def plain(self, text: str) -> None:
        """Prose follows."""
        if text:
            self._end_mark()
            self.blank = self.blank and not text.strip()

    def meets(self, sign: str) -> bool:
        """Takes in a sign; whether it is the tag of an action or a solution."""
        if sign[0] in "`~":
            self._take_mark(sign)
            return False
        self._end_mark()
        in_code = bool(self._fence[0] or self._span)
        if sign == "\n":
            self.blank, self._span = True, 0
        elif sign == _THINK:
            self._thinking = self._thinking or (self.blank and not in_code)
        elif sign == _THINK_END:
            self._thinking = False
        elif sign in (OPENING, _SOLUTION):
            if not (self._thinking or in_code):
                return True
            self.blank = False
        return False

    def _take_mark(self, sign: str) -> None:
        if self._mark != sign[0]:
            self._end_mark()
            self._mark, self._mark_begins_line, self.blank = sign[0], self.blank, False
        self._count += len(sign)

    def _end_mark(self) -> None:
        """The run of marks is over: it opened or closed a code block, or a code span."""
        mark, count, self._mark, self._count = self._mark, self._count, "", 0
        if not mark or self._thinking:
            return
        if self._mark_begins_line and count >= 3:
            if not self._fence[0]:
                self._fence = (mark, count)
            elif mark == self._fence[0] and count >= self._fence[1]:
                self._fence = ("", 0)
        elif mark == "`" and not self._fence[0]:
            self._span = 0 if self._span == count else self._span or count


def without_thought_tags(text: str) -> str:
    """`text` with its thoughts as prose."""
    return text.replace(_THOUGHT, "").replace(_THOUGHT_END, "")
