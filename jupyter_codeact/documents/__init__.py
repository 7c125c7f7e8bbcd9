"""Documents: where the cells of a conversation are written."""
