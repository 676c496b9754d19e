"""Linear maps between layers: composed, they give what the layers give one after the other."""

import numpy as np

from spikesweep.simulation.fused.site_map import (
    affine_map,
    applied,
    composed,
    conv_map,
    pooling_map,
)
from spikesweep.snn.layers import AveragePooling2D, Conv2D


def test_a_factor_for_each_value_of_an_image_stays_small():
    """As Keras's pooling with padding has at the border, which it divides by fewer pixels."""
    rng = np.random.default_rng(0)
    shape, pooled = (32, 32, 8), (16, 16, 8)
    factors = np.ones(pooled)
    factors[-1], factors[:, -1] = 1.5, 1.5
    kernel = rng.normal(size=(3, 3, 8, 4))
    conv = Conv2D("conv", ("scaled",), (16, 16, 4), kernel, np.zeros(4), (1, 1), "same")
    maps = (
        pooling_map(AveragePooling2D("pool", ("image",), pooled, (2, 2), (2, 2)), shape),
        affine_map(factors.reshape(-1), (factors.size,)),
        conv_map(conv, pooled),
    )
    for whole in (
        composed(maps[2], composed(maps[1], maps[0])),
        composed(composed(maps[2], maps[1]), maps[0]),
    ):
        assert sum(np.size(block) for block in whole.blocks) < 20 * kernel.size
        # Each of at most nine taps reads the four pixels that were pooled.
        assert len(whole.row) <= 16 * 16 * 9 * 4
        values = rng.normal(size=np.prod(shape))
        expected = values
        for one in maps:
            expected = applied(one, expected)
        np.testing.assert_allclose(applied(whole, values), expected, atol=1e-12)
