"""How many draws of the initial voltages a study makes."""

from spikesweep.snn.neurons import STARTS


def draws_of_voltages(start: str, voltage_draws: int) -> int:
    """How many draws share the images: one if voltages are not drawn.

    start: a name in `STARTS`.
    """
    return voltage_draws if STARTS[start] is None else 1
