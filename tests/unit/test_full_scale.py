"""config/paper.yaml replaces every small size of the default study."""

from pathlib import Path

import yaml

CONFIG = Path(__file__).parents[2] / "config"
SIZES = {"images", "confirm_images", "check_images", "calibration_images", "tried_images", "trials"}


def sizes(entry, path=()):
    """The path of each size in nested maps."""
    for key, value in entry.items() if isinstance(entry, dict) else ():
        if key in SIZES:
            yield (*path, key)
        yield from sizes(value, (*path, key))


def test_no_network_keeps_a_size_of_its_own_in_the_study_at_full_scale():
    default, paper = (
        yaml.safe_load((CONFIG / name).read_text()) for name in ("config.yaml", "paper.yaml")
    )
    for network in paper["study"]["networks"]:
        own = set(sizes(default["networks"][network].get("studies", {})))
        at_full_scale = set(sizes(paper["networks"][network].get("studies", {})))
        assert own <= at_full_scale, (network, own - at_full_scale)
