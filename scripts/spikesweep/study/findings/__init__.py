"""Verdicts on the claims of the original study, from the tables of one run."""
