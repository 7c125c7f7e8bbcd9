"""Conversations: their journals on disk, and their runs."""
