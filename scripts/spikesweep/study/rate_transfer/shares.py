"""How much of the gain from scaling a layer its rate explains, and how much its depth."""

import numpy as np
import pandas as pd

# In the order of `rate_and_place`.
MEASURES = ("rate_slope", "rate_share", "place_share")


class RateAndPlace:
    """Least squares of gain on the logarithm of the rate and on the layer's depth (`place`).

    All are centred within strata, so that differences between variants and settings, such as the
    room that the base accuracy leaves, do not count. A place
    is a layer of a network, the same in all its seeds and variants.
    """

    def __init__(self, strata: list[pd.DataFrame]) -> None:
        rows = pd.concat(strata)
        places = pd.get_dummies(rows["network"] + "/" + rows["layer"]).to_numpy(float)
        columns = np.column_stack([np.log10(rows["base_rate_hz"]), places, rows["gain"]])
        ends = np.cumsum([len(frame) for frame in strata])[:-1]
        centred = [part - part.mean(axis=0) for part in np.split(columns, ends)]
        # Least squares needs only sums of products, and those of the strata add up.
        self.products = np.stack([part.T @ part for part in centred])

    def __call__(self, strata: np.ndarray) -> np.ndarray:
        """MEASURES over the strata of these numbers.

        rate_slope: change of the gain (share of images) if a layer at the same place fires ten
            times faster. rate_share, place_share: what the rate explains of the variance of
            the gain beyond the place, and the place beyond the rate.
        """
        products = self.products[strata].sum(axis=0)
        rate, place = [0], list(range(1, len(products) - 1))
        both = _fit(products, rate + place)
        total = products[-1, -1] or 1.0
        return np.array(
            [
                both[0][0],
                (_fit(products, place)[1] - both[1]) / total,
                (_fit(products, rate)[1] - both[1]) / total,
            ]
        )


def _fit(products: np.ndarray, columns: list[int]) -> tuple[np.ndarray, float]:
    """Coefficients of these columns, and the sum of squares that they leave unexplained."""
    target = products[columns, -1]
    # Within a stratum the places add up to zero, so one coefficient is arbitrary.
    coefficients = np.linalg.pinv(products[np.ix_(columns, columns)], hermitian=True) @ target
    return coefficients, float(products[-1, -1] - coefficients @ target)
