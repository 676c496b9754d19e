"""A tiny network and an engine whose responses are known."""

from known_engine import engine, experiment, network, sample

__all__ = ["engine", "experiment", "network", "sample"]
