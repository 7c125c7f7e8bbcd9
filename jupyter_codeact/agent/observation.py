"""What a cell put out, as a model is shown it: pure, deterministic, bounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jupyter_codeact.agent.budget import Part, fit
from jupyter_codeact.agent.mimebundle import MimeReader
from jupyter_codeact.agent.text import count_repeats, cut, joined, plain
from jupyter_codeact.agent.tracebacks import error_text, without_copies
from jupyter_codeact.events import CellStatus, ImageReference

MIN_CHARS = 1200
HEAD_CHARS = 600
MAX_NOTES = 30

_STATUS: dict[CellStatus, str] = {
    "ok": "",
    "error": "",
    "interrupted": "The cell was interrupted; its output is partial.",
    "aborted": "The cell was not run: the kernel dropped it, as a cell before it failed or was interrupted.",
    "lost": "The kernel or the server went away during this cell; its effect is unknown; it was not rerun.",
}


@dataclass(frozen=True)
class Observation:
    """`text` and `images` are what the model is shown; `left_out` says in words what it was not shown."""

    text: str
    images: tuple[ImageReference, ...]
    left_out: tuple[str, ...]


def observe(
    *,
    cell_id: str,
    outputs: Sequence[Mapping[str, Any]],
    status: CellStatus,
    execution_count: int | None,
    seconds: float,
    problems: Sequence[str] = (),
    chars: int = 4000,
) -> Observation:
    """The observation of a cell that ended.

    It begins with `cell 5, 1.2 s, ok`, then what the status means and the `problems`, a line each, then the
    outputs in their order. `text` has at most `chars` characters, or `MIN_CHARS` where `chars` is less:
    errors are kept first, the rest is shared fairly, so that a large output never hides a small one.
    Malformed outputs are named, not raised.
    """
    reader = _Reader(cell_id, status)
    parts = reader.read(outputs)
    number = "?" if execution_count is None else execution_count
    facts = [f"cell {number}, {seconds:.1f} s, {status}", _STATUS[status]]
    facts += [plain(problem).replace("\n", " ") for problem in problems]
    head, cut_problems = cut("\n".join(fact for fact in facts if fact), HEAD_CHARS)
    if cut_problems:
        reader.left_out.append(f"{cut_problems:,} characters of the problems")
    body, shortened = fit(parts, max(chars, MIN_CHARS) - len(head) - 1)
    notes = reader.left_out + shortened
    if len(notes) > MAX_NOTES:
        notes[MAX_NOTES:] = [f"and {len(notes) - MAX_NOTES} more"]
    return Observation(f"{head}\n{body or '(no output)'}", tuple(reader.mimes.images), tuple(notes))


def outputs_text(outputs: Sequence[Mapping[str, Any]], chars: int) -> str:
    """The outputs of a cell of the user's as text of at most `chars` characters; images are named only."""
    failed = any(output.get("output_type") == "error" for output in outputs)
    reader = _Reader("", "error" if failed else "ok", images=False)
    return cut(fit(reader.read(outputs), chars)[0], chars)[0]


class _Reader:
    """Reads the outputs of one cell into parts, keeping account of what it leaves out."""

    def __init__(self, cell_id: str, status: CellStatus, *, images: bool = True) -> None:
        self.left_out: list[str] = []
        self.mimes = MimeReader(cell_id, self.left_out, images=images)
        self._status = status
        self._errors: list[str] = []

    def read(self, outputs: Sequence[object]) -> list[Part]:
        known: list[Mapping[str, Any]] = [item if isinstance(item, Mapping) else {} for item in outputs]
        errors = {
            index: self._error(output, index)
            for index, output in enumerate(known)
            if output.get("output_type") == "error"
        }
        self._errors = list(errors.values())
        self.mimes.expect(known)
        parts: list[Part] = []
        shown: set[str] = set()
        for index, output in enumerate(known):
            kind = output.get("output_type")
            if kind == "error":
                if errors[index] not in shown:
                    parts.append(Part(errors[index], f"output {index + 1} (error)", is_error=True))
                shown.add(errors[index])
            elif kind == "stream":
                parts += self._stream(output, index)
            elif kind in ("display_data", "execute_result"):
                parts += self.mimes.read(output, index)
            else:
                named = cut(plain(f"{kind!r}"), 80)[0]
                parts.append(Part(f"[an output of unknown type {named}, not shown]", f"output {index + 1}"))
        return parts

    def _error(self, output: Mapping[str, Any], index: int) -> str:
        text, frames = error_text(output)
        if frames:
            self.left_out.append(f"output {index + 1} (error): {frames} library frame{'s' if frames > 1 else ''}")
        return text

    def _stream(self, output: Mapping[str, Any], index: int) -> list[Part]:
        is_stderr = output.get("name") == "stderr"
        label = f"output {index + 1} ({'stderr' if is_stderr else 'stdout'})"
        text, copies = without_copies(plain(joined(output.get("text"))), self._errors)
        text, repeats = count_repeats(text.strip("\n"))
        if copies:
            self.left_out.append(f"{label}: a printed copy of the error's traceback")
        if repeats:
            self.left_out.append(f"{label}: {repeats:,} repeated lines")
        if not text.strip():
            return []
        # Some failures, exception groups among them, reach the notebook as stderr alone.
        is_error = is_stderr and self._status == "error" and not self._errors
        return [Part(f"[stderr]\n{text}" if is_stderr else text, label, is_error=is_error)]
