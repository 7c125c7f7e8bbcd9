"""When a failed request is made anew, and how that is said."""

from __future__ import annotations

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import SystemRandom

from jupyter_codeact.errors import ModelError

_random = SystemRandom()
_YEAR = 365 * 86400.0


@dataclass(frozen=True)
class RetryPolicy:
    """Up to `retries` further requests, after about `first_delay` seconds and twice as long each time.

    The jitter of a quarter keeps clients that failed together from coming back together. A wait that the endpoint
    asks for is kept to the second, unless it is longer than `longest_wait`: then the failure stands.
    """

    retries: int = 4
    first_delay: float = 1.0
    longest_wait: float = 60.0

    def wait(self, failed: int, error: ModelError) -> float | None:
        """Seconds to wait after the `failed`-th failure (1, 2 ...); None when the request is not made again."""
        if not error.retryable or failed > self.retries:
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= self.longest_wait else None
        return self.first_delay * 2.0 ** (failed - 1) * _random.uniform(0.75, 1.25)

    def announce(self, failed: int, error: ModelError, wait: float) -> str:
        """One line for the user: "retrying 1/4 in 1.2 s: connection refused by localhost:11434"."""
        return f"retrying {failed}/{self.retries} in {wait:.1f} s: {what_happened(error)}"


def what_happened(error: ModelError) -> str:
    """The error's text without its advice, which stands after the last semicolon."""
    text = str(error)
    return text.rpartition("; ")[0] or text


def retry_after_seconds(headers: Mapping[str, str], now: float) -> float | None:
    """The wait that a response asks for (RFC 9110, 10.2.3; or `retry-after-ms`), at the time `now` since the epoch."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        value = headers.get(name)
        if value is None:
            continue
        try:
            seconds = float(value) * unit
        except ValueError:
            seconds = _until(value, now)
        if seconds >= 0:
            return min(seconds, _YEAR)
    return None


def _until(date: str, now: float) -> float:
    """Seconds from `now` until an HTTP date, 0 when it is past; negative when it is no date."""
    parts = email.utils.parsedate_tz(date)
    return -1.0 if parts is None else max(0.0, email.utils.mktime_tz(parts) - now)
