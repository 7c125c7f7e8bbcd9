"""A function call of a model."""

from __future__ import annotations

from jupyter_codeact.value import Value


class ToolCall(Value):
    """`arguments` are as the model wrote them, which need not be JSON; `id` is empty where the endpoint gave none."""

    id: str = ""
    name: str = ""
    arguments: str = ""
