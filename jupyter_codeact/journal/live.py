"""What is live and not durable: the notices since the last event that made them obsolete."""

from __future__ import annotations

from jupyter_codeact.events import Activity, Event, Lease, Notice, ReplyDelta, Unsaved, Unwritten

_CLOSING = frozenset({"model_replied", "run_started", "run_finished"})

_STANDING = (Lease, Unsaved, Unwritten)
"""What no event makes obsolete, only the next one of its kind."""


class Live:
    """Notices by a running number, so that each follower remembers only where it is.

    A follower that comes late gets what is retained: the whole of the reply that is being streamed, and the latest
    activity. Nothing is queued per follower.
    """

    def __init__(self) -> None:
        self._first = 0
        self._notices: list[Notice] = []

    @property
    def end(self) -> int:
        """The number that the next notice will have."""
        return self._first + len(self._notices)

    def add(self, notice: Notice) -> None:
        """`notice` is retained until an event makes it obsolete."""
        self._notices.append(notice)

    def drop(self, event: Event) -> None:
        """What `event` makes obsolete is gone: at a reply's end its deltas, at a run's end the activity too. What is
        true beyond that, a follower that has not come to it yet must still hear."""
        if event.kind not in _CLOSING:
            return
        end = self.end
        kinds = (*_STANDING, Activity) if event.kind == "model_replied" else _STANDING
        latest = [[notice for notice in self._notices if isinstance(notice, kind)][-1:] for kind in kinds]
        self._notices = [notice for notices in latest for notice in notices]
        self._first = end

    def since(self, number: int) -> list[Notice]:
        """The notices from `number` on; neighbouring deltas of one reply are merged."""
        merged: list[Notice] = []
        for notice in self._notices[max(0, number - self._first) :]:
            last = merged[-1] if merged else None
            if isinstance(notice, ReplyDelta) and isinstance(last, ReplyDelta) and last.step == notice.step:
                merged[-1] = notice if notice.restart else _joined(last, notice)
            else:
                merged.append(notice)
        return merged


def _joined(first: ReplyDelta, second: ReplyDelta) -> ReplyDelta:
    return ReplyDelta(
        step=first.step,
        text=first.text + second.text,
        reasoning=first.reasoning + second.reasoning,
        restart=first.restart,
    )
