"""Overlays replace every size that a single network has in the default study."""

from pathlib import Path

import pytest
import yaml

CONFIG = Path(__file__).parents[2] / "config"
SIZES = {"images", "confirm_images", "check_images", "calibration_images", "tried_images", "trials"}


def sizes(entry, path=()):
    """The path of each size in nested maps."""
    for key, value in entry.items() if isinstance(entry, dict) else ():
        if key in SIZES:
            yield (*path, key)
        yield from sizes(value, (*path, key))


@pytest.mark.parametrize("overlay", ["smoke.yaml", "paper.yaml"])
def test_no_network_keeps_a_size_of_the_default_study(overlay):
    default, other = (
        yaml.safe_load((CONFIG / name).read_text()) for name in ("config.yaml", overlay)
    )
    for network in other["study"]["networks"]:
        own = set(sizes(default["networks"][network].get("studies", {})))
        replaced = set(sizes(other["networks"][network].get("studies", {})))
        assert own <= replaced, (network, own - replaced)
