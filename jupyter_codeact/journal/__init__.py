"""The journal: one append-only sequence of events a conversation, and the state folded from it."""
