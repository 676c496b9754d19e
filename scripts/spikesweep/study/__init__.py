"""Sweeps, firing rates, statistics."""
