"""What the claims about synapses say alike."""

from collections.abc import Mapping
from typing import Any

from spikesweep.words import points

NO_RANGE = "at no scale that was swept is it accurate enough, or at all of them it is"


def compared_at(config: Mapping[str, Any]) -> str:
    """Over which scales settings are compared; config: operating_range."""
    low, high = (points(share, "g") for share in config["operating_range"])
    return (
        "averaged over the scales at which the network's best synapse has between "
        f"{low} and {high} % of the ANN's accuracy"
    )
