"""What was said and run so far, read from chat messages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from jupyter_codeact.agent.turns import OUTPUT_MARK, Block, split
from jupyter_codeact.models.model import Message

_FENCE = re.compile(r"^```python\n(.*?)(?:^```|\Z)", re.S | re.M)
_HEAD = re.compile(r"^cell (?:\d+|\?), [\d.]+ s, (ok|error|interrupted|aborted|lost)$", re.M)
_LANGUAGE = re.compile(r"by writing (\S+) code")
_ERROR = re.compile(r"^(?:\w+\.)*(\w*(?:Error|Exception|Interrupt|Exit)\b.*)$", re.M)
_MISSING = re.compile(r"ModuleNotFoundError: .*?\b(pandas|matplotlib|sklearn)\b")
_OUTPUT = re.compile(rf"^{OUTPUT_MARK} .*?(?=^# cell |\Z)", re.S | re.M)
_RESTART = re.compile(
    r"variables and imports are gone|kernel (?:was |has been )?(?:restarted|changed|replaced|died)", re.I
)


@dataclass(frozen=True)
class Step:
    """A cell the analyst wrote and, once it ran, its status (empty: not reported) and output text."""

    code: str
    status: str = ""
    output: str = ""

    @property
    def title(self) -> str:
        """The cell's first line without the comment sign; it tells the analyst's cells apart."""
        return self.code.split("\n", 1)[0].removeprefix("# ")

    @property
    def error(self) -> str:
        """The error as one line such as "KeyError: 'x'", or empty."""
        found = _ERROR.findall(self.output) if self.status == "error" else []
        return found[0] if found else ("the cell failed" if self.status == "error" else "")

    @property
    def missing(self) -> str:
        """The package whose absence made the cell fail, or empty."""
        found = _MISSING.search(self.error)
        return found[1] if found else ""


@dataclass(frozen=True)
class Transcript:
    """The kernel's language, the current question, the text of the notebook, the steps whose variables are still alive
    (oldest first), how many of them are older than the question, what was asked and answered before it, and all code
    that was written."""

    language: str = "python"
    question: str = ""
    notebook: str = ""
    steps: tuple[Step, ...] = ()
    older: int = 0
    asked: str = ""
    answered: str = ""
    written: str = ""

    @property
    def fresh(self) -> tuple[Step, ...]:
        """The steps made for the current question."""
        return self.steps[self.older :]

    def last(self, title: str, *, fresh: bool = False) -> Step | None:
        """The latest step with this title that was reported."""
        steps = self.fresh if fresh else self.steps
        return next((step for step in reversed(steps) if step.title == title and step.status), None)


def read(messages: Sequence[Message]) -> Transcript:
    """The transcript of a conversation in the fenced action format."""
    transcript = Transcript()
    for message in messages:
        text = _text(message)
        if message["role"] == "assistant":
            transcript = _replied(transcript, text)
        elif message["role"] == "system":
            language = _LANGUAGE.search(text)
            transcript = replace(transcript, language=language[1].lower() if language else "python")
        else:
            for told in split(text) or [Block("message", text)]:
                transcript = _told(transcript, told)
    return transcript


def _text(message: Message) -> str:
    content = message["content"]
    if isinstance(content, str):
        return content
    return "\n".join(str(part.get("text", "")) for part in content)


def _replied(transcript: Transcript, text: str) -> Transcript:
    code = _FENCE.search(text)
    if code is None:
        return replace(transcript, answered=text, asked=transcript.question)
    step = Step(code[1].strip())
    return replace(transcript, steps=(*transcript.steps, step), written=f"{transcript.written}\n{step.code}")


def _told(transcript: Transcript, told: Block) -> Transcript:
    match told.tag:
        case "message":
            return replace(transcript, question=told.text.strip(), older=len(transcript.steps))
        case "notebook":
            return replace(transcript, notebook=_OUTPUT.sub("", told.text))
        case "news" if _RESTART.search(told.text):
            return replace(transcript, steps=(), older=0)
        case "observation" | "problem":
            return _observed(transcript, told)
        case _:
            return transcript


def _observed(transcript: Transcript, told: Block) -> Transcript:
    """The last step carries its status and output; where the kernel was lost, no other step counts any more."""
    found = _HEAD.search(told.text)
    if not transcript.steps or transcript.steps[-1].status:
        return transcript
    output = told.text[found.end() + 1 :] if found else told.text
    step = replace(transcript.steps[-1], status=found[1] if found else "refused", output=output)
    if step.status == "lost":
        return replace(transcript, steps=(step,), older=0)
    if step.error.startswith("NameError") and not any(earlier.error == step.error for earlier in transcript.steps):
        return replace(transcript, steps=(step,), older=0)
    return replace(transcript, steps=(*transcript.steps[:-1], step))
