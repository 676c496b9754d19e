"""Intervals and differences: uncertainty as the studies report it."""
