"""The offline analyst at work in a real kernel: the loop in miniature, without journal and server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import KernelManager

from jupyter_codeact.agent.observation import observe
from jupyter_codeact.agent.turns import block
from jupyter_codeact.events import CellStatus
from jupyter_codeact.models.model import Message
from jupyter_codeact.models.offline_model import reply

FENCE = re.compile(r"^```python\n(.*?)^```", re.S | re.M)
OUTPUTS = {"stream", "display_data", "execute_result", "error"}
HIDE = """\
import sys
_hidden = {{name: module for name, module in sys.modules.items() if name.split(".")[0] == {package!r}}}
sys.modules.update(dict.fromkeys([*_hidden, {package!r}]))
"""
MAX_CELLS = 15
SECONDS = 120


@dataclass
class Talk:
    """A conversation with the analyst; `cells` and `observations` are those of the latest question."""

    client: BlockingKernelClient
    messages: list[Message] = field(default_factory=lambda: [{"role": "system", "content": "Answer by code."}])
    cells: list[str] = field(default_factory=list)
    observations: list[str] = field(default_factory=list)
    images: int = 0

    def ask(self, question: str, notebook: str = "") -> str:
        """The answer, after the cells have run; it has no fence."""
        self.cells, self.observations, self.images = [], [], 0
        told = block("message", question) + ("\n" + block("notebook", notebook) if notebook else "")
        self.messages.append({"role": "user", "content": told})
        for _ in range(MAX_CELLS):
            said = reply(self.messages)
            self.messages.append({"role": "assistant", "content": said})
            code = FENCE.search(said)
            if code is None:
                assert "```" not in said
                return said
            self.cells.append(code[1])
            self.messages.append({"role": "user", "content": self._run(code[1])})
        raise AssertionError(f"no answer after {MAX_CELLS} cells: {self.titles}")

    @property
    def titles(self) -> list[str]:
        """The first lines of the cells, without the comment sign."""
        return [cell.split("\n", 1)[0].removeprefix("# ") for cell in self.cells]

    @property
    def failures(self) -> int:
        """How many cells ended with an error."""
        return sum(", error" in text.split("\n", 1)[0] for text in self.observations)

    def value(self, expression: str) -> str:
        """The `repr` of an expression in the kernel."""
        outputs = self.execute(f"print(repr({expression}))")
        return "".join(output.get("text", "") for output in outputs).strip()

    def execute(self, code: str) -> list[dict[str, Any]]:
        """The nbformat outputs of a cell."""
        outputs: list[dict[str, Any]] = []

        def keep(message: dict[str, Any]) -> None:
            kind, content = message["msg_type"], message["content"]
            if kind == "stream" and outputs and outputs[-1].get("name") == content["name"]:
                outputs[-1]["text"] += content["text"]
            elif kind in OUTPUTS:
                outputs.append({"output_type": kind, **content})

        self.client.execute_interactive(code, output_hook=keep, stop_on_error=False, timeout=SECONDS)
        return outputs

    @contextmanager
    def hidden(self, package: str) -> Iterator[None]:
        """In the kernel, `package` cannot be imported meanwhile."""
        self.execute(HIDE.format(package=package))
        try:
            yield
        finally:
            self.execute("sys.modules.update(_hidden)")
            self.execute(f"_hidden or sys.modules.pop({package!r})")

    def _run(self, code: str) -> str:
        outputs = self.execute(code)
        status: CellStatus = "error" if any(one["output_type"] == "error" for one in outputs) else "ok"
        self.images += sum("image/png" in one.get("data", {}) for one in outputs)
        number = len(self.observations) + 1
        seen = observe(cell_id="cell", outputs=outputs, status=status, execution_count=number, seconds=0.1)
        self.observations.append(seen.text)
        return block("observation", seen.text)


@contextmanager
def kernel(directory: Path) -> Iterator[BlockingKernelClient]:
    """A Python kernel that runs in `directory`."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(cwd=str(directory))
    client = manager.blocking_client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=SECONDS)
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def numbers(text: str) -> set[float]:
    """The numbers in a text."""
    return {float(found) for found in re.findall(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w-])", text)}
