"""Which folders are classes and which files are images, in a user's folder of folders.

Light enough for the Snakefile: nothing is opened.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from spikesweep.errors import UserError

# What operating systems and archives leave behind; hidden files are passed over, too.
_NO_CLASSES = {"__MACOSX", "@eaDir", "$RECYCLE.BIN", "lost+found", "System Volume Information"}
# What the parts of a dataset are called.
_PARTS = {"train", "training", "test", "testing", "val", "valid", "validation", "eval"}
_NO_IMAGES = {"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"}
# Each may hold a class that was not unpacked.
_ARCHIVES = {
    *(".7z", ".bz2", ".gz", ".rar", ".tar", ".tbz2", ".tgz", ".txz", ".xz", ".zip", ".zst"),
}
_IMAGES = {".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"}


def class_names(folder: str | Path, chosen: Sequence[str] | None = None) -> list[str]:
    """Names of the class folders, that of label 0 first.

    Names that are numbers are ordered as numbers, others as text; `chosen` fixes another order.

    Raises UserError if there are fewer than two, or they are parts and not classes, for images and
    archives that lie in no class, or if `chosen` does not name each folder once.
    """
    names = folder_names(folder)
    if chosen is None:
        _check_are_classes(Path(folder), names)
        return sorted(names, key=int) if _are_numbers(names) else sorted(names)
    if sorted(chosen) != sorted(names):
        missing, unknown = set(chosen) - set(names), set(names) - set(chosen)
        raise UserError(
            f"{folder}: class_names must name each class folder once; without a folder: "
            f"{_listed(missing)}; not named: {_listed(unknown)}"
        )
    return list(chosen)


def folder_names(folder: str | Path) -> list[str]:
    """Names of the folders of a part, some classes of which may be missing.

    Raises UserError if there are none, or for images and archives that lie in no class.
    """
    entries = _visible(Path(folder))
    names = [entry.name for entry in entries if entry.is_dir() and not _is_left_behind(entry)]
    if loose := [e.name for e in entries if e.suffix.lower() in _IMAGES and not e.is_dir()]:
        raise UserError(
            f"{folder} contains {len(loose)} images outside any class, such as {loose[0]}: move "
            "each into the folder of its class, or away"
        )
    if packed := [e.name for e in entries if e.suffix.lower() in _ARCHIVES and not e.is_dir()]:
        raise UserError(
            f"{folder} contains {_listed(set(packed))}, whose images would not be read: unpack "
            "each class into a folder of its name, and move the archives away"
        )
    if not names:
        raise UserError(f"{folder} contains no folders: expected one folder of images per class")
    return names


def _check_are_classes(folder: Path, names: list[str]) -> None:
    parts = [name for name in names if name.lower() in _PARTS]
    if parts == names and len(names) > 1:
        train = next((name for name in names if name.lower().startswith("train")), names[0])
        test = next((name for name in names if name.lower().startswith("test")), names[-1])
        raise UserError(
            f"{folder} holds the parts {', '.join(names)} of a dataset, not its classes: give them "
            f"one by one, train: {folder / train} and test: {folder / test}"
        )
    if len(names) == 1:
        raise UserError(
            f"{folder} holds one folder, {names[0]}, but a network is to tell two or more classes "
            f"apart; if the classes are inside it, give {folder / names[0]}"
        )


def image_files(folder: str | Path) -> list[Path]:
    """Files of one class, in the order of their paths; those of folders inside included.

    Raises UserError for links that lead nowhere, or if there are no files.
    """
    found = list(_files(Path(folder), set()))
    if not found:
        raise UserError(f"{folder} contains no images: each class needs at least one")
    return found


def passed_over(folder: str | Path) -> list[str]:
    """Names of files and folders that are taken for no classes."""
    return [
        entry.name
        for entry in _visible(Path(folder))
        if not entry.is_dir() or _is_left_behind(entry)
    ]


def _files(folder: Path, seen: set[str]) -> Iterator[Path]:
    """Also through links, but not in circles."""
    real = os.path.realpath(folder)
    if real in seen:
        return
    seen.add(real)
    for entry in _visible(folder):
        if entry.is_dir():
            if not _is_left_behind(entry):
                yield from _files(entry, seen)
        elif entry.name.lower() not in _NO_IMAGES:
            yield entry


def _visible(folder: Path) -> list[Path]:
    """Entries in the order of their names, without hidden ones.

    Raises UserError for a link that leads nowhere, whose images would be missing unnoticed.
    """
    try:
        entries = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise UserError(f"{folder} cannot be read: {error.strerror}") from error
    for entry in entries:
        if not entry.exists():
            raise UserError(
                f"{entry} is a link to {entry.readlink()}, which does not exist: restore what it "
                "leads to, or remove it"
            )
    return entries


def _is_left_behind(entry: Path) -> bool:
    return entry.name in _NO_CLASSES


def _are_numbers(names: list[str]) -> bool:
    numbers = {int(name) for name in names if name.isascii() and name.isdigit()}
    return len(numbers) == len(names)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "none"
