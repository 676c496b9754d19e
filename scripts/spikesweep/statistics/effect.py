"""An effect with its confidence interval."""

from dataclasses import dataclass

# What an interval speaks of: networks that other seeds would give, or the one that was trained.
NETWORKS = "networks"
THIS_NETWORK = "this network"


@dataclass(frozen=True)
class Effect:
    """An effect with its confidence interval; bounds are NaN where nothing gives them."""

    value: float
    low: float
    high: float
    seeds: int
    method: str

    @property
    def scope(self) -> str:
        """NETWORKS, or THIS_NETWORK: a single seed cannot show how seeds differ."""
        return NETWORKS if self.seeds > 1 else THIS_NETWORK
