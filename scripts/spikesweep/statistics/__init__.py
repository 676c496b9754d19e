"""Intervals, differences and margins: uncertainty as the studies report it."""
