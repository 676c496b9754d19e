"""Reads a user's HDF5 file in a process of its own.

    python hdf5_reader.py SECONDS MEMORY FILE [COPY]

The HDF5 library believes what a file says of itself. One damaged byte may have it search for ever,
crash, or ask for all memory there is, and nothing stops it from inside its own process. This one
may take SECONDS of a core, and MEMORY bytes besides what the libraries themselves take.

It prints JSON: the description of a Keras network that FILE holds, or, with COPY, nothing but that
the copy is whole; `error` if FILE cannot be read.
"""

import json
import resource
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import h5py

# Address space of Python, NumPy and the HDF5 library, most of which is never used.
_LIBRARIES = 4_000_000_000
_DESCRIPTION = ("keras_version", "model_config")


def main() -> None:
    seconds, memory, path, *copy = sys.argv[1:]
    _limit(resource.RLIMIT_CPU, int(seconds))
    _limit(resource.RLIMIT_AS, int(memory) + _LIBRARIES)
    _limit(resource.RLIMIT_CORE, 0)
    import h5py

    try:
        with h5py.File(path) as source:
            if not copy:
                print(json.dumps({name: _text(source.attrs[name]) for name in _found(source)}))
                return
            with h5py.File(copy[0], "w") as target:
                _Copy(int(memory)).group(source, target)
        print("{}")
    # The library raises whatever it stumbles over.
    except Exception as error:
        print(json.dumps({"error": str(error).strip() or repr(error)}))


class _Copy:
    """Copies what it reads, so that no damaged structure comes along.

    room: bytes of values that are copied at most
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._seen: set[Any] = set()

    def group(self, source: "h5py.Group", target: "h5py.Group") -> None:
        import h5py

        self._attributes(source, target)
        for name in source:
            # No link to a name or to another file: Keras writes none.
            if not isinstance(source.get(name, getlink=True), h5py.HardLink):
                raise ValueError(f"{name!r} is a link to something else")
            item = source[name]
            if isinstance(item, h5py.Group):
                self._check_once(item)
                self.group(item, target.create_group(name))
            elif isinstance(item, h5py.Dataset):
                self._dataset(item, target, name)

    def _dataset(self, source: "h5py.Dataset", target: "h5py.Group", name: str) -> None:
        self._check_once(source)
        if source.external:
            raise ValueError(f"{name!r} is kept in another file")
        self._room -= source.nbytes
        if self._room < 0:
            raise ValueError(f"{name!r} needs more memory than there is")
        self._attributes(source, target.create_dataset(name, data=source[()], dtype=source.dtype))

    def _attributes(self, source: "h5py.HLObject", target: "h5py.HLObject") -> None:
        for name in source.attrs:
            kind = source.attrs.get_id(name).dtype
            target.attrs.create(name, source.attrs[name], dtype=kind)

    def _check_once(self, item: "h5py.HLObject") -> None:
        import h5py

        place = h5py.h5o.get_info(item.id).addr
        if place in self._seen:
            raise ValueError(f"{item.name!r} is in it twice")
        self._seen.add(place)


def _found(file: "h5py.File") -> list[str]:
    return [name for name in _DESCRIPTION if name in file.attrs]


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _limit(kind: int, most: int) -> None:
    """Set a limit, or keep a lower one that the user has set."""
    lower, hard = resource.getrlimit(kind)
    if lower == resource.RLIM_INFINITY or most < lower:
        resource.setrlimit(kind, (most, hard))


if __name__ == "__main__":
    main()
