"""The Agent in a real kernel of some language, with a scripted model."""

from __future__ import annotations

from collections.abc import Sequence

from jupyter_codeact.agent.loop import Agent
from jupyter_codeact.events import ConversationStarted
from jupyter_codeact.journal.fold import State
from jupyter_codeact.journal.journal import MemoryJournal
from jupyter_codeact.kernels.kernel import KernelEnvironment
from jupyter_codeact.testing import ScriptedModel, begin_run


async def converse(environment: KernelEnvironment, replies: Sequence[str]) -> tuple[State, list[str], str]:
    """The state after a run of these replies, what the model was told after each but the last, and its instructions."""
    journal = MemoryJournal()
    await journal.append(ConversationStarted(conversation_id="c", notebook_path="a.ipynb"))
    await begin_run(journal, "Go")
    model = ScriptedModel(replies)
    await Agent(journal, model, environment).run()
    told = [step.observation.text for step in journal.state.steps if step.observation is not None]
    return journal.state, told, str(model.requests[0][0]["content"])
