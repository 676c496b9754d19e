"""Exported graphs in other simulators, which live in an environment of their own."""
