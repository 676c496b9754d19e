"""Fitting a network from a seed."""
