"""A conversation in the forms that others read: pure functions from events."""
