"""The numbers that claims have in every table, figure and page."""

from collections.abc import Iterable


def claim_numbers(claims: Iterable[str]) -> dict[str, int]:
    """1, 2, 3 for the claims in the order of the table of findings, which may name each often."""
    return {claim: number for number, claim in enumerate(dict.fromkeys(claims), start=1)}
