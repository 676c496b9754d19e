"""Whether images fit a network's input: the same values in the same order, whatever the axes.

A network may take images without a channel axis, or as one row of numbers; the images of a
dataset always have three axes, (height, width, channels).
"""

Shape = tuple[int | None, ...]


def does_fit(wanted: Shape, image: tuple[int, ...]) -> bool:
    """Whether images of shape (H, W, C) are inputs of the wanted shape, up to axes of size one.

    wanted: None for a size that the network leaves open.
    """
    return resolved(wanted, image) is not None


def resolved(wanted: Shape, image: tuple[int, ...]) -> tuple[int, ...] | None:
    """The wanted shape with its open sizes filled in from an image; None if it does not fit."""
    if len(wanted) == len(image) and all(
        a in (None, b) for a, b in zip(wanted, image, strict=True)
    ):
        return image
    if len(wanted) == 1:
        values = image[0] * image[1] * image[2]
        return (values,) if wanted[0] in (None, values) else None
    # Only axes of size one may be left out or added.
    left, shape = [size for size in image if size != 1], list[int]()
    for wanted_size in wanted:
        if wanted_size != 1 and left and wanted_size in (None, left[0]):
            shape.append(left.pop(0))
        elif wanted_size in (None, 1):
            shape.append(1)
        else:
            return None
    return None if left else tuple(shape)


def told_misfit(wanted: Shape, image: tuple[int, ...]) -> str:
    """What to do about images that do not fit, as the rest of a sentence about the network."""
    takes = (
        f"takes inputs of shape {wanted}, but the images of its dataset have shape {tuple(image)}: "
    )
    if len(wanted) == 3 and wanted[:2] == image[:2] and {wanted[2], image[2]} == {1, 3}:
        color = "rgb" if wanted[2] == 3 else "gray"
        return f"{takes}it was trained on {color} images (color: {color} for folders of images)"
    if len(wanted) == 3 and wanted[2] == image[2]:
        return (
            f"{takes}choose the dataset that it was trained on, or for folders of images set "
            f"resize: [{wanted[0]}, {wanted[1]}]"
        )
    return f"{takes}choose the dataset that it was trained on"
