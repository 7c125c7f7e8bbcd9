"""The faults of docs/reliability.md, made to happen, and what holds after them."""
