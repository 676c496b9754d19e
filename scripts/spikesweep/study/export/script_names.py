"""Python names for the layers of a network, in a script that has names of its own."""

import keyword
import symtable

from spikesweep.snn.network import SpikingNetwork


def variable_names(network: SpikingNetwork, script: str) -> dict[str, str]:
    """A Python name for each layer, other than those that the script gives to something else.

    script: the script, without its layers.
    """
    taken = _globals_of(script)
    names: dict[str, str] = {}
    for layer in network.layers:
        plain = "".join(one if f"a{one}".isidentifier() else "_" for one in layer.name)
        if not plain.isidentifier():
            plain = f"layer_{plain}"
        while (
            plain in names.values()
            or keyword.iskeyword(plain)
            or (plain in taken and not (plain == "scores" and layer is network.readout))
        ):
            plain += "_"
        names[layer.name] = plain
    return names


def _globals_of(script: str) -> set[str]:
    """All names that a script gives to something, or looks up outside a function."""
    tables, found = [symtable.symtable(script, "network.py", "exec")], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        of_module = table.get_type() == "module"
        found |= {one.get_name() for one in table.get_symbols() if of_module or one.is_global()}
    return found
