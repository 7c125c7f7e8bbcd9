"""Kernels: what executes actions."""
