"""How many test images are locked away for the last check of a choice; no NumPy, no images."""


def vault_size(test_images: int) -> int:
    """Number of the test images, three in ten, that only the check of a recommendation simulates.

    Enough for a loss of one percentage point to be told from none on MNIST or CIFAR-10 (3,000 of
    10,000), and few enough for the other studies to have nearly the precision of the whole part.
    """
    return 3 * test_images // 10
