"""The command line `jupyter codeact`."""
