"""Tables of pruned networks whose losses are known."""

import numpy as np
import pandas as pd

IMAGES = 2000


def pruned(
    curves, sparsities, *, network="net", method="magnitude", train_images=55_000, images=IMAGES
):
    """Accuracies and answers of networks, of which each seed has a curve of accuracies.

    curves: training accuracies by seed, one per sparsity, the unpruned first. Test accuracy is half
    of that: of the test images, the first ones are recognised.
    """
    rows, answers = [], {}
    for seed, curve in enumerate(curves):
        for sparsity, accuracy in zip(sparsities, curve, strict=True):
            variant = f"{method}_{100 * sparsity:g}"
            rows.append(
                {
                    **{"network": network, "variant": variant, "seed": seed, "method": method},
                    **{"target_sparsity": sparsity, "sparsity": sparsity},
                    **{"train_accuracy": accuracy, "test_accuracy": accuracy / 2},
                    **{"train_images": train_images, "test_images": images},
                }
            )
            answers[network, variant, seed] = np.arange(images) < round(images * accuracy / 2)
    return pd.DataFrame(rows), answers


def joined(*tables):
    """Several of these in one."""
    accuracies, answers = zip(*tables, strict=True)
    everyone = {key: value for own in answers for key, value in own.items()}
    return pd.concat(accuracies, ignore_index=True), everyone
