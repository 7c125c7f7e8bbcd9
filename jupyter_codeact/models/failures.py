"""Failures of a model endpoint, in words for the user: one line, what is wrong, then what to do, never a key."""

from __future__ import annotations

import base64
import json
import re
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from urllib.parse import parse_qsl, quote, unquote, urljoin, urlsplit

from jupyter_codeact.errors import ModelError
from jupyter_codeact.models.connection import Connection
from jupyter_codeact.models.lengths import lengths
from jupyter_codeact.models.retry import retry_after_seconds

_QUOTED_CHARS = 300
_SHORTEST_SECRET = 4
_PREFIX = 8
_HIDDEN = "[hidden]"
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_CONTEXT_CODES = {"context_length_exceeded", "context_window_exceeded", "exceed_context_size_error"}
_CONTEXT_WORDS = re.compile(
    r"context.?(length|window|size)|maximum context|prompt is too long|input is too long|too many (input )?tokens"
    r"|reduce the length of the messages|max_prompt_tokens|exceeds? the (available |maximum |model's )?context"
    r"|input tokens? (count )?exceeds?",
    re.IGNORECASE,
)
_SPENT_CODES = {"insufficient_quota", "billing_hard_limit_reached"}


@dataclass(frozen=True)
class Said:
    """What an endpoint said about a failure: its words, and the codes it gave."""

    text: str
    codes: frozenset[str] = frozenset()


class Refusal(ModelError):
    """The endpoint answered with an error: `status` is its HTTP status, `said` its own words."""

    def __init__(
        self, text: str, *, status: int, said: str, reason: str, retryable: bool, retry_after: float | None
    ) -> None:
        super().__init__(text, reason=reason, retryable=retryable, retry_after=retry_after)
        self.status = status
        self.said = said


class Failures:
    """Makes the `ModelError`s of one connection."""

    def __init__(self, connection: Connection) -> None:
        self._host = connection.host or "the endpoint"
        self._url = connection.url
        self._model = connection.model
        self._has_key = bool(connection.api_key)
        self._secrets = re.compile("|".join(_patterns(connection)) or r"(?!)")

    def quote(self, text: str) -> str:
        """`text` of a server or a library on one line, shortened, with no secret of the connection in it."""
        line = " ".join(_CONTROL.sub(" ", self._secrets.sub(_HIDDEN, text)).split()).replace("; ", ", ")
        return line if len(line) <= _QUOTED_CHARS else f"{line[:_QUOTED_CHARS]}..."

    def status(self, status: int, headers: Mapping[str, str], body: str, now: float) -> ModelError:
        """The error that a response with this status, not 2xx, stands for; `now` in seconds since the epoch."""
        if 300 <= status < 400:
            return self._redirect(headers.get("location", ""))
        return self._explain(status, read_said(body), retry_after_seconds(headers, now), now)

    def reported(self, problem: object) -> ModelError:
        """The error that stands in a stream, or in a body with status 200, in the place of a reply."""
        said = read_said(json.dumps({"error": problem}))
        status = next((int(code) for code in said.codes if re.fullmatch(r"[45]\d\d", code)), None)
        if status is None:
            status = 429 if any("rate_limit" in code for code in said.codes) else 500
        return self._explain(status, said)

    def cut(self, detail: str = "the stream ended before the reply did") -> ModelError:
        """The reply came in part, or damaged."""
        return ModelError(
            f"{self._host} broke off: {detail}; try again, and check the server's log when it happens often",
            reason="cut",
            retryable=True,
        )

    def too_slow(self, seconds: float, *, started: bool) -> ModelError:
        """No data within the limit."""
        what = "sent nothing more" if started else "did not answer"
        return ModelError(
            f"{self._host} {what} for {seconds:g} s; check that the model is loaded and not overloaded",
            reason="timeout",
            retryable=True,
        )

    def too_large(self, limit: int) -> ModelError:
        """The reply never ended."""
        return ModelError(
            f"the reply of {self._host} passed {limit / 1e6:g} MB and was cut off; ask for less or use another model",
            reason="cut",
        )

    def unreachable(self, causes: Sequence[BaseException], connect_seconds: float) -> ModelError:
        """No response came; `causes` are the error and what is behind it."""
        host, names = self._host, {type(cause).__name__ for cause in causes}
        advice, retryable = "start the model server there, or correct the base URL", True
        insecure = [str(cause) for cause in causes if isinstance(cause, ssl.SSLError)]
        if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
            what = f"connection refused by {host}"
        elif any(isinstance(cause, socket.gaierror) for cause in causes):
            what, advice = f"{host} is not found by name", "correct the base URL, or check the network"
        elif insecure:
            what, retryable = f"no secure connection to {host} ({self.quote(insecure[-1])})", False
            advice = "check the certificate, or whether the base URL should begin with http://"
        elif "ConnectTimeout" in names:
            what = f"{host} does not answer (no connection within {connect_seconds:g} s)"
        elif names & {"RemoteProtocolError", "ReadError"}:
            what, advice = f"{host} closed the connection without an answer", "check the server's log"
        else:
            what = f"{host} cannot be reached ({self.quote(str(causes[-1])) or type(causes[-1]).__name__})"
            retryable = not names & {"UnsupportedProtocol", "LocalProtocolError"}
        return ModelError(f"{what}; {advice}", reason="unreachable", retryable=retryable)

    def unusable(self, error: Exception) -> ModelError:
        """No client can be made for the connection."""
        return ModelError(
            f"no client for {self._host} ({self.quote(str(error))}); check the base URL, the proxy and the "
            "certificate settings",
            reason="unreachable",
        )

    def not_streamed(self, kind: str) -> ModelError:
        """Something else than a chat completion came with status 200."""
        return ModelError(
            f"endpoint did not stream: {self.quote(kind)} from {self._host}; is the base URL right? "
            "It usually ends in /v1",
            reason="not_an_endpoint",
        )

    def _redirect(self, location: str) -> ModelError:
        try:
            parts = urlsplit(urljoin(self._url, location))
        except ValueError:
            target = "an address that is none"
        else:
            path = parts.path.removesuffix("/chat/completions").removesuffix("/models")
            target = self.quote(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}")
        return ModelError(
            f"{self._host} redirects to {target}, and conversations are not sent on to another address; "
            "set the base URL to it if you trust it",
            reason="not_an_endpoint",
        )

    def _explain(self, status: int, said: Said, retry_after: float | None = None, now: float = 0.0) -> Refusal:
        what, advice, reason = self._words(status, said)
        retryable = reason in {"rate_limited", "server_error"}
        if retryable and retry_after is not None:
            advice = f"try again {_when(retry_after, now)}"
        refusal = Refusal(
            f"{what}; {advice}",
            status=status,
            said=self._secrets.sub(_HIDDEN, said.text),
            reason=reason,
            retryable=retryable,
            retry_after=retry_after if retryable else None,
        )
        if reason == "context_too_long":
            refusal.context_tokens, refusal.prompt_tokens = lengths(said.text)
        return refusal

    def _words(self, status: int, said: Said) -> tuple[str, str, str]:
        """What happened, what to do, and the reason's code."""
        host, quoted = self._host, f" ({self.quote(said.text)})" if said.text else ""
        model = f"the model {self._model!r}" if self._model else "the model"
        if status in {400, 413, 422, 500} and (said.codes & _CONTEXT_CODES or _CONTEXT_WORDS.search(said.text)):
            advice = "start a new one, show the model less, or use a model with a longer context"
            return f"the conversation is too long for {model}{quoted}", advice, "context_too_long"
        if status in {401, 403}:
            what = f"{host} refused the API key" if self._has_key else f"{host} asks for an API key"
            return f"{what}{quoted}", "set a valid key for this connection", "unauthorized"
        if "model_not_found" in said.codes or (status == 404 and re.search(r"\bmodel\b", said.text, re.IGNORECASE)):
            return f"{host} does not know {model}{quoted}", "choose one that it lists", "not_found"
        if status in {404, 405}:
            advice = "check the base URL, it usually ends in /v1"
            return f"{host} has no such address (status {status}){quoted}", advice, "not_found"
        if status == 402 or said.codes & _SPENT_CODES:
            return f"the quota at {host} is spent{quoted}", "add credit or use another connection", "refused"
        if status == 429:
            return f"{host} limits the rate of requests with status 429{quoted}", "try again later", "rate_limited"
        if status in {408, 409, 425} or status >= 500:
            return f"{host} failed with status {status}{quoted}", "try again later", "server_error"
        advice = "change the model or the extra settings of this connection"
        return f"{host} refused the request with status {status}{quoted}", advice, "refused"


def read_said(body: str) -> Said:
    """The words and codes of an error body: OpenAI's form, FastAPI's `detail`, plain text; a page says nothing."""
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return Said("" if body.lstrip().startswith("<") else body)
    problem = parsed.get("error", parsed) if isinstance(parsed, dict) else parsed
    if not isinstance(problem, dict):
        return Said(problem if isinstance(problem, str) else json.dumps(problem))
    codes = frozenset(str(problem[name]) for name in ("code", "type", "status") if problem.get(name))
    words = problem.get("message") or problem.get("detail") or problem
    text = words if isinstance(words, str) else json.dumps(words, ensure_ascii=False)
    parameter = problem.get("param")
    return Said(f"{text} [{parameter}]" if parameter and str(parameter) not in text else text, codes)


def _when(seconds: float, now: float) -> str:
    """The wait in words, with the time of day (UTC) at its end when it is long."""
    if seconds < 120:
        return f"in {seconds:.0f} s"
    moment = datetime.fromtimestamp(now + seconds, timezone.utc)
    return f"in {seconds / 60:.0f} minutes, at {moment:%Y-%m-%d %H:%M} UTC"


def _patterns(connection: Connection) -> Iterator[str]:
    """Patterns of what must not be shown; of a longer secret, its beginning is enough to hide the word."""
    try:
        parts = urlsplit(connection.url)
        login = parts.netloc.rpartition("@")[0]
        basic = base64.b64encode(unquote(login).encode()).decode()
        hidden = [basic, parts.password or "", *(value for _, value in parse_qsl(parts.query))]
    except ValueError:
        hidden = [connection.url]
    secrets = {connection.api_key.strip(), *connection.extra_headers.values(), *hidden}
    spellings = secrets | {quote(secret, safe="") for secret in secrets}
    for secret in sorted(spellings, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            yield re.escape(secret)
    key = connection.api_key.strip()
    if len(key) >= 2 * _PREFIX:
        yield re.escape(key[:_PREFIX]) + r"[^\s\"',;]*"
