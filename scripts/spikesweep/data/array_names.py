"""Which arrays a user's `.npz` archive has to hold; light enough for the Snakefile."""

import zipfile
from collections.abc import Collection

_PAIRS = (("x_test", "y_test"), ("x_val", "y_val"))


def array_names(path: str) -> list[str]:
    """Names of the arrays in an archive; none if it cannot be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            return [name.removesuffix(".npy") for name in archive.namelist()]
    except (OSError, zipfile.BadZipFile):
        return []


def wanted_arrays(present: Collection[str]) -> set[str]:
    """The training part, and both arrays of each other part of which there is one."""
    parts = [pair for pair in _PAIRS if not set(pair).isdisjoint(present)]
    return {"x_train", "y_train"}.union(*parts)


def told_lacking(path: str, present: Collection[str]) -> str | None:
    """What an archive with these arrays lacks, and the lines that rename them; None if nothing."""
    missing = sorted(wanted_arrays(present) - set(present))
    if not missing:
        return None
    return (
        f"{path} lacks {', '.join(missing)}: it contains {', '.join(sorted(present))}; "
        f"rename them: {_renaming(present)}"
    )


def _renaming(present: Collection[str]) -> str:
    """The line that saves the arrays under the names that are read, as far as they can be told."""
    wanted = {"x_train": "", "y_train": "", "x_test": "", "y_test": ""}
    for name in sorted(present):
        lower = name.lower()
        part = "test" if "test" in lower else "train" if "train" in lower else ""
        is_label = "label" in lower or lower.startswith("y") or lower.endswith("_y")
        key = f"{'y' if is_label else 'x'}_{part}"
        if key in wanted and not wanted[key]:
            wanted[key] = name
    pairs = ", ".join(f"{key}=z[{found or '…'!r}]" for key, found in wanted.items())
    return f"z = np.load('old.npz'); np.savez('new.npz', {pairs})"
