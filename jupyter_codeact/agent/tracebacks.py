"""Error outputs as a reader needs them: the exception, and the frames in code that the user can change."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from textwrap import dedent
from typing import Any

from jupyter_codeact.agent.text import cut, joined, plain, times

MAX_FRAMES = 10
MAX_CAUSES = 3
MAX_LINE = 300
MAX_MESSAGE = 1500

# The heads of frames: IPython >= 8.5, its plain mode, IPython 8.0, IPython 7, and CPython itself.
_FRAME = re.compile(
    r"\s*(?:(?P<cell>Cell In\[\d+\]|Input In \[\d+\]|<ipython-input-\d+[^>]*>)(?:, line (?P<cell_line>\d+))?"
    r'|File "(?P<quoted>[^"]+)", line (?P<quoted_line>\d+)'
    r"|File (?P<file>.+?):(?P<file_line>\d+)"
    r"|(?P<bare>[~/]\S+\.pyx?|[A-Za-z]:\\\S+\.pyx?))"
    r"(?:,? in (?P<function>.*))?$"
)
_LIBRARY = re.compile(
    r"(?:site|dist)-packages|[\\/]lib[\\/]python\d|[\\/]python\d+[\\/]lib[\\/]"
    r"|^<(?!timed exec)|^(?![~/]).*\.p(?:yx|xi)$",
    re.IGNORECASE,
)
_ARROW = re.compile(r"-+> ?(\d+)(?: (.*))?$")
_HEAD = re.compile(r"-{20,}$|(\S*)\s*Traceback \(most recent call last\):?$")
_SKIPPED = re.compile(r"\[\.\.\. skipping .*\]$")
_CHAINED = {
    "The above exception was the direct cause of the following exception:": "raised from",
    "During handling of the above exception, another exception occurred:": "raised while handling",
}
_NO_TRACE = re.compile(r"\nTraceback:\s*\Z")
_NO_SOURCE = "'Could not get source, probably due dynamically evaluated source code.'"
# What CPython prints: the head, indented lines, then the exception from the line's beginning.
_PRINTED = re.compile(r"^Traceback \(most recent call last\):\n(?:[ \t].*\n)*(\S.*)$", re.MULTILINE)


@dataclass
class _Frame:
    where: str
    library: bool
    body: list[str] = field(default_factory=list)

    def lines(self) -> str:
        """Where it is, and under it the source lines that were at work."""
        arrows = [match for match in map(_ARROW.match, self.body) if match]
        number = f", line {arrows[-1][1]}" if arrows and ", line " not in self.where else ""
        source = "\n".join(match[2] or "" for match in arrows) if arrows else dedent("\n".join(self.body))
        source = "" if _NO_SOURCE in source else dedent(source).strip("\n")
        return "\n".join(
            [f"  {self.where[:MAX_LINE]}{number}"]
            + [f"    {line[:MAX_LINE]}" for line in source.split("\n")[:5] if line.strip()]
        )


@dataclass
class _Link:
    """One exception of a chain, oldest first; `relation` is to the one before it, `name` what its head announced."""

    relation: str = ""
    name: str = ""
    frames: list[_Frame] = field(default_factory=list)
    message: list[str] = field(default_factory=list)

    def begins_message(self, line: str) -> bool:
        """Whether `line` is the exception's own; the values that verbose tracebacks print may begin lines as well."""
        if self.name:
            return line.startswith(self.name)
        return bool(line) and not line[0].isspace() and not _ARROW.match(line)

    def text(self) -> str:
        return cut("\n".join(self.message).strip(), MAX_MESSAGE)[0]


def error_text(output: Mapping[str, Any]) -> tuple[str, int]:
    """What to show of an nbformat error output, and how many frames of libraries were left out.

    The exception comes first, then the frames in notebook cells and in the user's own files, outermost first,
    each with its source line; then, a line each, the exceptions it was raised from. Where the traceback is
    none of Python's (a kernel of another language) its text is shown as it is.
    """
    name, value = plain(joined(output.get("ename"))), plain(joined(output.get("evalue")))
    title = ": ".join(part for part in (name, value) if part)
    body = plain(_lines(output.get("traceback")))
    chain = _parse(body)
    last = chain[-1]
    if not any(link.frames for link in chain):
        return cut(_foreign(name, value, body) or "an error without a description", 2 * MAX_MESSAGE)[0], 0
    message = last.text()
    if not name or message.partition(":")[0].rpartition(".")[2] != name:
        message = cut(title, MAX_MESSAGE)[0]
    is_syntax = name in {"SyntaxError", "IndentationError", "TabError"}
    shown_frames = [frame for frame in last.frames if not frame.library]
    if is_syntax and last.frames and last.frames[-1].library:
        shown_frames.append(last.frames[-1])
    lines = [message, *_frame_lines(shown_frames)]
    if left_out := len(last.frames) - len(shown_frames):
        lines.append(f"  [{left_out} library frame{'s' if left_out > 1 else ''} left out]")
    lines += _cause_lines(chain, message)
    return "\n".join(line for line in lines if line), left_out


def _foreign(name: str, value: str, body: str) -> str:
    """The error of a kernel of another language, said once."""
    value = value.strip("\n")
    if not name and not body.strip() and value.isdecimal():
        return f"exit status {value}"  # bash_kernel 0.10
    title = ": ".join(part for part in (name, value) if part)
    rest = _NO_TRACE.sub("", re.sub(r"\n{2,}", "\n", body.strip("\n")))
    said = value if name in ("", "ERROR") else title  # ERROR is every error's name in IRkernel 1.3
    if said and said in rest:
        return rest
    return "\n".join(part for part in (title, rest) if part)


def without_copies(text: str, errors: Sequence[str]) -> tuple[str, int]:
    """`text` without the printed tracebacks of the exceptions that head `errors`, and how many those were."""
    known = {error.partition("\n")[0] for error in errors}
    copies = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal copies
        head, _, rest = match[1].partition(":")
        if match[1] not in known and f"{head.rpartition('.')[2]}:{rest}" not in known:
            return match[0]
        copies += 1
        return "[the traceback of the error below]"

    return _PRINTED.sub(replace, text), copies


def _parse(text: str) -> list[_Link]:
    chain = [_Link()]
    for line in text.split("\n"):
        link = chain[-1]
        if relation := _CHAINED.get(line.strip()):
            chain.append(_Link(relation))
        elif link.message:
            link.message.append(line)
        elif match := _HEAD.match(line):
            link.name = match[1] or ""
        elif match := _FRAME.match(line):
            link.frames.append(_frame(match))
        elif _SKIPPED.match(line):
            link.frames.append(_Frame(line, library=False))
        elif link.begins_message(line):
            link.message.append(line)
        elif link.frames and line.strip():
            link.frames[-1].body.append(line)
    return chain


def _frame(match: re.Match[str]) -> _Frame:
    path = match["quoted"] or match["file"] or match["bare"]
    number = match["cell_line"] or match["quoted_line"] or match["file_line"]
    where = path or match["cell"]
    where += f", line {number}" if number else ""
    function = (match["function"] or "").partition("(")[0]
    where += f", in {function}" if function and not function.startswith("<") else ""
    # ipykernel compiles a cell as a file of this folder; tracebacks that the user's code prints name it.
    in_cell = path is None or "ipykernel_" in path
    return _Frame(where, library=not in_cell and bool(_LIBRARY.search(path)))


def _frame_lines(frames: Sequence[_Frame]) -> list[str]:
    """The text of each frame; recursion is counted, and of a deep stack both ends are kept."""
    runs = [(text, sum(1 for _ in run)) for text, run in groupby(frame.lines() for frame in frames)]
    lines = [text + (f"\n  [the frame above {times(count - 1)} more]" if count > 1 else "") for text, count in runs]
    if len(lines) > MAX_FRAMES:
        half = MAX_FRAMES // 2
        lines[half:-half] = [f"  [{len(lines) - 2 * half} frames left out]"]
    return lines


def _cause_lines(chain: Sequence[_Link], message: str) -> list[str]:
    """A line for each exception behind the last one, newest first; not twice what was said just before."""
    lines: list[str] = []
    said = message
    for link, later in zip(reversed(chain[:-1]), reversed(chain[1:]), strict=True):
        text = cut(link.text(), MAX_LINE)[0]
        if not text or text == said:
            continue
        own = [frame.where for frame in link.frames if not frame.library]
        lines.append(f"{later.relation} {text}" + (f" ({own[-1][:MAX_LINE]})" if own else ""))
        said = text
    if len(lines) > MAX_CAUSES:
        lines[MAX_CAUSES:] = [f"[{len(lines) - MAX_CAUSES} earlier exceptions left out]"]
    return lines


def _lines(value: object) -> str:
    """A traceback as one text; kernels send a list of entries, some one string."""
    return "\n".join(map(joined, value)) if isinstance(value, (list, tuple)) else joined(value)
