"""What every exported Nengo script has around its layers."""

from string import Template

SCRIPT = Template('''\
"""$name as a spiking network in Nengo.

$about

    python network.py               shows it that image, and prints the answer
    python network.py images.npy    shows it others, and prints the class of each, one a line

Others are uint8 (images, height, width, channels), $shape each, with pixels from 0 to 255.
NengoGUI opens this file, and `nengo_dl.Simulator(model)` runs it, too. The arrays are in
network.npz beside it.
"""

import argparse
from pathlib import Path
$imports
import nengo
import numpy as np
$more_imports
ARRAYS = dict(np.load(Path(__file__).with_name("network.npz")))
CLASSES = $classes
# Of the image in the file: what it shows, and what the study's own simulation answers.
SHOWS, STUDY_ANSWERS = $shows, $answers
# Time constant of the lowpass filter on all spikes, s; None is no filter, 0 a delay of one step.
SYNAPSE_S = $synapse_s
# The answer is the class with the highest mean score over the last AVERAGED of STEPS steps.
STEPS, AVERAGED = $steps, $averaged
# One step, s.
DT = $dt
$own_neuron
NEURON_TYPE = $neuron
NEURON_OPTIONS: dict[str, Any] = $options


$blocks


def received(pixels: np.ndarray) -> np.ndarray:
    """What the network receives of an image (height, width, channels) in each step."""
    return (pixels * ARRAYS["input_scale"] + ARRAYS["input_offset"]).ravel()


with nengo.Network(label=$label) as model:
    $layers
    answer = nengo.Probe(scores)


def class_of(pixels: np.ndarray) -> str:
    """The answer to one image (height, width, channels)."""
    $input.output = received(pixels)
    with nengo.Simulator(model, dt=DT, progress_bar=False) as simulator:
        simulator.run_steps(STEPS)
    return CLASSES[int(simulator.data[answer][-AVERAGED:].mean(axis=0).argmax())]


def main() -> None:
    """Show the image in the file, or those of another file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("images", nargs="?", help="a file of images, written by numpy.save")
    path = parser.parse_args().images
    if not path:
        found = class_of(ARRAYS["image"])
        print(f"{found} (the study: {CLASSES[STUDY_ANSWERS]}; the image: {CLASSES[SHOWS]})")
        return
    try:
        images = np.load(path)
    except (OSError, ValueError) as error:
        parser.error(f"{path}: {error}")
    shape = ARRAYS["image"].shape
    if not isinstance(images, np.ndarray) or images.dtype != np.uint8 or images.shape[1:] != shape:
        found = f"{images.dtype} {images.shape}" if isinstance(images, np.ndarray) else "several"
        parser.error(f"{path}: {found}, expected one array, uint8 {('images', *shape)}")
    for pixels in images:
        print(class_of(pixels), flush=True)


if __name__ == "__main__":
    main()
''')
