"""Golden journals: those of every released schema must load for ever."""
