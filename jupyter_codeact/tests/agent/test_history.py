"""What the model is sent: made from the events, and only ever extended."""

from __future__ import annotations

import base64
import io
import json
import re
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jupyter_codeact.agent.history import History, messages
from jupyter_codeact.agent.prompts import LANGUAGE_NAMES, system_prompt
from jupyter_codeact.agent.turns import block
from jupyter_codeact.events import (
    ActionFormat,
    CellOutput,
    Change,
    Event,
    ImageReference,
    ModelReplied,
    NotebookChanged,
    ObservationMade,
    ReplyRejected,
    RunStarted,
    UserMessage,
)
from jupyter_codeact.models.model import Message
from jupyter_codeact.tool_call import ToolCall


def png(colour: str) -> str:
    """A small image in base64, as an output holds it."""
    file = io.BytesIO()
    Image.new("RGB", (2, 2), colour).save(file, "png")
    return base64.b64encode(file.getvalue()).decode()


RED, BLUE = png("red"), png("blue")
SEEN = ImageReference(cell_id="a", output=0, mime="image/png")
OBSERVED = ObservationMade(step=1, text="A plot.", images=(SEEN,))


def shown(data: str, op: str = "append", index: int = 0) -> CellOutput:
    output: dict[str, Any] = {"output_type": "display_data", "data": {"image/png": data}, "metadata": {}}
    return CellOutput.model_validate({"cell_id": "a", "op": op, "index": index, "output": output})


def stamped(events: list[Event]) -> list[Event]:
    return [event.model_copy(update={"seq": seq}) for seq, event in zip(count(1), events)]


def sent(events: list[Event]) -> list[Message]:
    return messages("Be brief.", stamped(events))


TEXT = st.text(max_size=5)
TOLD = st.one_of(
    st.builds(UserMessage, message_id=st.just("m"), text=TEXT),
    st.builds(ReplyRejected, step=st.just(1), problem=TEXT),
    st.just(OBSERVED),
    st.builds(ObservationMade, step=st.just(1), text=TEXT),
)
OTHER = st.one_of(
    st.just(RunStarted(run_id="r", model="m")),
    st.just(NotebookChanged(changes=(Change(what="cell_edited", detail="Cell a was edited."),))),
    st.just(shown(RED)),
    st.just(shown(BLUE, "replace")),
    st.just(CellOutput(cell_id="a", op="clear")),
)
FORMATS: list[ActionFormat] = ["fenced", "execute", "tool", "json", "text"]
CALL = st.builds(
    ToolCall,
    id=st.sampled_from(["", "a"]),
    name=st.sampled_from(["run_cell", "search", "a b", ""]),
    arguments=st.sampled_from(['{"code": "x"}', "x = 1", '{"code": "x', ""]),
)
REPLY = st.one_of(
    st.builds(ModelReplied, step=st.just(1), text=TEXT),
    st.builds(
        ModelReplied,
        step=st.just(1),
        text=st.sampled_from(["So:\n```python\nx\n```", "So:\n<execute>x", "Action: f", '{"tool": "f"}', ""]),
        action_format=st.sampled_from(FORMATS),
        call=st.none() | CALL,
        finish_reason=st.sampled_from(["stop", "action", "length", "stopped"]),
    ),
)


@st.composite
def runs(draw: st.DrawFn) -> list[Event]:
    """Turns of something that is told and a reply; now and then the user speaks while the model replies."""
    events: list[Event] = []
    for _ in range(draw(st.integers(0, 4))):
        events += [*draw(st.lists(OTHER, max_size=2)), draw(TOLD), *draw(st.lists(OTHER | TOLD, max_size=3))]
        asked = len(events)
        events += draw(st.lists(TOLD, max_size=1))
        events.append(draw(REPLY).model_copy(update={"seen_seq": asked}))
    return stamped([*events, *draw(st.lists(OTHER | TOLD, max_size=3))])


@pytest.mark.parametrize("action_format", FORMATS)
@given(events=runs())
def test_every_request_is_a_prefix_of_the_later_ones(action_format: ActionFormat, events: list[Event]) -> None:
    asked = [event.seen_seq for event in events if isinstance(event, ModelReplied)]
    requests = [messages("Be brief.", events[:seq], action_format) for seq in [*asked, len(events)]]
    for former, latter in pairwise(requests):
        assert latter[: len(former)] == former


@pytest.mark.parametrize("action_format", FORMATS)
@given(events=runs())
def test_a_history_that_grew_says_what_one_made_anew_says(action_format: ActionFormat, events: list[Event]) -> None:
    history = History(action_format)
    for end in range(len(events) + 1):
        assert history.messages(events[:end]) == messages("Be brief.", events[:end], action_format)[1:]


@given(runs())
def test_every_call_is_followed_by_its_outcome_and_its_arguments_are_json(events: list[Event]) -> None:
    sent = messages("Be brief.", events, "tool")
    for said, told in pairwise([*sent, sent[0]]):
        assert ("tool_calls" in said) == (told["role"] == "tool")
        if "tool_calls" in said:
            (call,) = said["tool_calls"]
            assert call["id"] == told["tool_call_id"] != ""
            assert isinstance(json.loads(call["function"]["arguments"]), dict)
            assert re.fullmatch(r"[\w-]{1,64}", call["function"]["name"])
            assert isinstance(told["content"], str)
            assert told["content"]


@given(runs())
def test_roles_alternate_and_no_message_is_empty(events: list[Event]) -> None:
    roles = [message["role"] for message in messages("Be brief.", events)]
    assert roles[0] == "system"
    assert roles[1:] == [("user", "assistant")[index % 2] for index in range(len(roles) - 1)]
    assert all(message["content"] for message in messages("Be brief.", events))


def test_all_that_was_told_between_two_replies_is_one_message() -> None:
    changed = NotebookChanged(changes=(Change(what="cell_run", detail="x = 1 (ok)"), Change(what="kernel_restarted")))
    events: list[Event] = [UserMessage(message_id="m", text="Go"), ReplyRejected(step=1, problem="Empty."), changed]
    news = block("news", "The user ran a cell: x = 1 (ok)\nThe kernel was restarted")
    texts = [block("message", "Go"), block("problem", "Empty."), news]
    assert sent(events)[1:] == [{"role": "user", "content": "\n".join(texts)}]


def test_what_the_user_said_during_a_reply_comes_after_it() -> None:
    asked, steered = UserMessage(message_id="1", text="Go"), UserMessage(message_id="2", text="No, stop")
    contents = [
        message["content"] for message in sent([asked, steered, ModelReplied(step=1, seen_seq=1, text="Going.")])
    ]
    assert contents[1:] == [block("message", "Go"), "Going.", block("message", "No, stop")]


def test_an_image_is_a_part_of_its_own() -> None:
    (_, message) = sent([UserMessage(message_id="m", text="Plot"), shown(RED), OBSERVED])
    first, image = list(message["content"])
    assert first == {"type": "text", "text": block("message", "Plot") + "\n" + block("observation", "A plot.")}
    assert image == {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{RED}"}}


def test_the_images_of_a_call_come_from_the_user() -> None:
    reply = ModelReplied(step=1, text="So:", call=ToolCall(id="a", name="run_cell", arguments='{"code": "x"}'))
    asked = UserMessage(message_id="m", text="Plot")
    later = UserMessage(message_id="n", text="Now?")
    events: list[Event] = [asked, RunStarted(run_id="r", model="m", action_format="tool"), reply, shown(RED), OBSERVED]
    _, _, said, told, more = messages("Be brief.", stamped([*events, later]), "tool")
    assert said == {
        "role": "assistant",
        "content": "So:",
        "tool_calls": [{"id": "a", "type": "function", "function": {"name": "run_cell", "arguments": '{"code": "x"}'}}],
    }
    assert told == {"role": "tool", "tool_call_id": "a", "content": block("observation", "A plot.")}
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{RED}"}}
    assert more == {"role": "user", "content": [image, {"type": "text", "text": block("message", "Now?")}]}
    fenced = messages("Be brief.", stamped([*events, later]), "fenced")
    assert [message["role"] for message in fenced] == ["system", "user", "assistant", "user"]
    assert fenced[2]["content"] == "So:\n\n```python\nx\n```"


def test_a_call_that_was_rejected_or_cut_off_is_answered() -> None:
    started = RunStarted(run_id="r", model="m", action_format="tool")
    wrong = ModelReplied(step=1, text="", call=ToolCall(name="search", arguments='{"query": "x"}'))
    events: list[Event] = [started, wrong, ReplyRejected(step=1, problem="No such function.")]
    _, said, told = messages("Be brief.", stamped(events), "tool")
    assert said["tool_calls"][0] == {
        "id": "call_1",
        "type": "function",
        "function": {"name": "search", "arguments": '{"query": "x"}'},
    }
    assert told["content"] == block("problem", "No such function.")
    lost = messages("Be brief.", stamped([started, wrong, UserMessage(message_id="m", text="And?")]), "tool")
    assert [message["role"] for message in lost[1:]] == ["assistant", "tool", "user"]
    assert "not known" in str(lost[2]["content"])


def test_what_a_stop_string_cut_off_is_told() -> None:
    started = RunStarted(run_id="r", model="m", action_format="execute")
    reply = ModelReplied(step=1, text="So:\n<execute>\nx = 1\n", finish_reason="stop")
    told = {
        name: messages("Be brief.", stamped([started, reply]), name)[1]["content"] for name in ("execute", "fenced")
    }
    assert told["execute"] == "So:\n<execute>\nx = 1\n</execute>"
    assert told["fenced"] == "So:\n\n```python\nx = 1\n```"


def test_an_image_stays_what_the_model_was_shown() -> None:
    before = sent([shown(RED), OBSERVED])
    assert sent([shown(RED), OBSERVED, shown(BLUE, "replace")]) == before
    assert sent([shown(RED), OBSERVED, CellOutput(cell_id="a", op="clear")]) == before


def test_an_empty_reply_is_said_to_be_one() -> None:
    assert sent([ModelReplied(step=1, text=" \n")])[1:] == [{"role": "assistant", "content": "(empty reply)"}]


def test_the_example_in_the_prompt_is_of_the_kernels_language() -> None:
    assert "```sql\n-- what" in system_prompt("fenced", "sql")
    assert "```r\n# what" in system_prompt("fenced", "r")


@pytest.mark.parametrize("language", [*LANGUAGE_NAMES, "R", "c++17", "an-unusually-long-language-name"])
@pytest.mark.parametrize("action_format", FORMATS)
def test_the_fixed_prompt_is_small_and_always_the_same(action_format: ActionFormat, language: str) -> None:
    prompt = system_prompt(action_format, language)
    assert len(prompt.encode()) < 4096
    assert (f"```{language}\n" in prompt) == (action_format == "fenced")
    assert "# Rules" in prompt
    assert not re.search(r"\{\w+\}", prompt)
    system_prompt.cache_clear()
    assert system_prompt(action_format, language) == prompt


@pytest.mark.parametrize("action_format", ["json", "text"])
def test_the_functions_that_may_be_called_are_named(action_format: ActionFormat) -> None:
    prompt = system_prompt(action_format, "python", ("find(city: str)", "now()"))
    assert "# Functions\n- find(city: str)\n- now()\n" in prompt
