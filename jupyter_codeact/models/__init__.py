"""Models: what completes messages."""
