"""Where a conversation branched off another."""

from __future__ import annotations

from jupyter_codeact.value import Value


class BranchPoint(Value):
    """Before message `seq` of the conversation `conversation_id`, which was titled `title` then. What came before it
    there is told by the branch's own events up to number `through_seq`."""

    conversation_id: str
    seq: int
    title: str = ""
    through_seq: int
