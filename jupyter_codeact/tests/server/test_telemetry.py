"""What an administrator sees of a run, and what not."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from jupyter_events.logger import EventLogger

from jupyter_codeact.server.telemetry import SCHEMA
from jupyter_codeact.testing import cell
from jupyter_codeact.tests.endpoint import Endpoint
from jupyter_codeact.tests.server.conftest import SECRET, Client

QUESTION, SOURCE, OUTPUT, ANSWER = "What is secret-1?", "print('secret' + '-2')", "secret-2", "It is secret-3."


async def metrics(client: Client) -> dict[str, float]:
    """The copilot's lines of `/metrics`."""
    text = (await client.fetch("metrics")).body.decode()
    return {name: float(value) for name, value in re.findall(r"^(codeact_\S+) (\S+)$", text, re.MULTILINE)}


async def test_a_run_is_counted_logged_and_announced_without_its_content(
    client: Client, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    heard: list[dict[str, Any]] = []

    async def listen(logger: EventLogger, schema_id: str, data: dict[str, Any]) -> None:
        heard.append(data)

    await client.call("GET", "status")  # the schema is registered when the extension is first asked
    assert client.server.event_logger is not None
    client.server.event_logger.add_listener(schema_id=SCHEMA, listener=listen)
    before = await metrics(client)
    client.server.log.setLevel(logging.INFO)
    client.server.log.propagate = True
    caplog.set_level(logging.INFO)
    endpoint.set_script([cell(SOURCE), ANSWER])
    await client.send(QUESTION)
    await client.until("run_finished")

    counted = {name: value - before.get(name, 0.0) for name, value in (await metrics(client)).items()}
    assert counted['codeact_runs_total{reason="answered"}'] == 1
    assert counted["codeact_steps_total"] == 2
    assert counted['codeact_cells_total{status="ok"}'] == 1
    assert counted['codeact_tokens_total{kind="prompt"}'] > 10  # the first reply was cut: its usage is estimated
    assert (await metrics(client))["codeact_live_runs"] == 0

    assert [event["action"] for event in heard] == ["start", "finish"]
    assert heard[1]["reason"] == "answered"
    lines = [record.getMessage() for record in caplog.records if "codeact" in record.getMessage()]
    kinds = [match[1] for line in lines if (match := re.match(r"codeact (\w+) conversation=", line))]
    assert kinds == ["run_started", "model_replied", "cell_finished", "model_replied", "run_finished"]
    told = repr((heard, counted, lines))
    assert not [text for text in (QUESTION, SOURCE, OUTPUT, ANSWER, SECRET) if text in told]
