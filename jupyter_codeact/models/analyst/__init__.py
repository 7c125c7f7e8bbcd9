"""A rule-based data analyst: from a conversation, the next cell or the answer.

The way of a question through the files: `transcript` (what was said and run) -> `plan` -> `sources` (which data, found
`around` or loaded by `loading`) -> `frame` (its columns) -> `questions` (what is asked) -> `cleaning` -> `recipes` (the
cells that answer it). A plan is a generator that yields a `Stage` for every cell and is sent the `Step` that came of
it; it is replayed from the start for every reply, so no state is kept. To teach the analyst a new kind of question, add
a row to `questions.INTENTS`, a recipe, and its row in `plan.choose`.
"""

from __future__ import annotations
