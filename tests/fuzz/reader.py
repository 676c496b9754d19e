"""Reads mutated files as a study does: python reader.py KIND FOLDER, with seeds on standard input.

Answers each with one line of JSON: what became of it, `taken` or `refused`; a `crash` with its last
line; or `executed` with what was done that no reading of a file may do.
"""

import gzip
import json
import os
import pickle
import random
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import mutations

from spikesweep.errors import UserError
from spikesweep.networks import hdf5_reader

SHAPE = (8, 8, 3)
# Of Python's audit events, those that no reading of a file may cause.
FORBIDDEN = {
    *("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork", "subprocess.Popen"),
    *("pty.spawn", "socket.connect", "socket.bind", "urllib.Request", "pickle.find_class"),
    *("marshal.loads", "ctypes.dlopen", "function.__new__"),
}

done: list[str] = []
reads_hdf5 = [sys.executable, "-I", hdf5_reader.__file__]


def main() -> None:
    kind, folder = sys.argv[1], Path(sys.argv[2])
    target = str(folder / "written by a trap")
    make, read = KINDS[kind](folder, target)
    sys.addaudithook(watch)
    for line in sys.stdin:
        path = folder / ("file" + (".keras" if kind not in ("npz", "idx") else ""))
        path.write_bytes(make(random.Random(int(line))))
        done.clear()
        answer = {"outcome": outcome(read, path)}
        if done or Path(target).exists():
            answer = {"outcome": "executed", "told": ", ".join(done) or "the trap was written"}
        print(json.dumps(answer | crashed), flush=True)
        crashed.clear()


crashed: dict[str, str] = {}


def outcome(read: Callable[[Path], object], path: Path) -> str:
    try:
        read(path)
        return "taken"
    except UserError as error:
        if len(str(error)) < 1000 and "\n" not in str(error):
            return "refused"
        crashed["told"] = f"a message of {len(str(error))} characters: {str(error)[:200]}"
        return "crash"
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        where = [frame for frame in frames if "spikesweep" in frame.filename]
        place = f"{Path(where[-1].filename).name}:{where[-1].lineno}" if where else "?"
        crashed["told"] = f"{type(error).__name__} at {place}: {str(error)[:200]}"
        return "crash"


def watch(event: str, arguments: tuple[object, ...]) -> None:
    # The study's own process, which reads HDF5 files alone.
    if event == "subprocess.Popen" and list(arguments[1])[:3] == reads_hdf5:
        return
    if event in FORBIDDEN:
        # Python itself reads compiled modules this way, and TensorFlow loads some late.
        caller = sys._getframe(1).f_code.co_filename
        if event in ("marshal.loads", "ctypes.dlopen") and "importlib" in caller:
            return
        done.append(f"{event} from {caller}")


def npz(_folder: Path, target: str):
    from spikesweep.data.npz import read_npz_dataset

    files = mutations.npz_files(target)
    return (
        lambda chance: mutations.mutated(chance.choice(files), chance),
        lambda path: read_npz_dataset(path=str(path)),
    )


def idx(_folder: Path, _target: str):
    from spikesweep.data.idx import read_idx

    plain = b"\0\0\x08\3\0\0\0\5\0\0\0\4\0\0\0\4" + bytes(range(80))
    files = [plain, gzip.compress(plain)]
    return lambda chance: mutations.mutated(chance.choice(files), chance), read_idx


def keras_files(folder: Path, ending: str) -> list[bytes]:
    """Sound networks of Keras 2 and Keras 3."""
    import keras
    import tf_keras
    from small_networks import NETWORKS, with_weights

    found = []
    for make in NETWORKS:
        for library in (keras, tf_keras):
            path = folder / f"sound{ending}"
            with_weights(make(library)).save(path)
            read_network(path)
            found.append(path.read_bytes())
    return found


def read_network(path: Path) -> None:
    import keras
    import tf_keras

    from spikesweep.networks import hdf5, rebuild
    from spikesweep.networks.keras_file import check_fit, read_keras_file

    rebuild.LOAD_LIMIT_S, hdf5.LIMIT_S = 20, 10
    file = read_keras_file(path)
    check_fit(path, file, SHAPE, 10)
    try:
        rebuild.rebuild(path, SHAPE)
    finally:
        # Else each network would make the next one slower.
        keras.backend.clear_session()
        tf_keras.backend.clear_session()


def archive(folder: Path, target: str):
    files = [*keras_files(folder, ".keras"), pickle.dumps(mutations.Trap(target))]
    return lambda chance: mutations.mutated(chance.choice(files), chance), read_network


def hdf5(folder: Path, _target: str):
    files = keras_files(folder, ".h5")
    return lambda chance: mutations.mutated(chance.choice(files), chance), read_network


def weights(folder: Path, _target: str):
    files = keras_files(folder, ".keras")

    def make(chance: random.Random) -> bytes:
        change = lambda content: mutations.mutated(content, chance)  # noqa: E731
        return mutations.with_member(chance.choice(files), "model.weights.h5", change)

    return make, read_network


def description(folder: Path, target: str):
    files, traps = keras_files(folder, ".keras"), mutations.traps(target)

    def make(chance: random.Random) -> bytes:
        def change(content: bytes) -> bytes:
            return json.dumps(mutations.mutated_json(json.loads(content), chance, traps)).encode()

        name = chance.choice(["config.json"] * 9 + ["metadata.json"])
        return mutations.with_member(chance.choice(files), name, change)

    return make, read_network


KINDS = {
    "npz": npz,
    "idx": idx,
    "archive": archive,
    "hdf5": hdf5,
    "weights": weights,
    "description": description,
}

if __name__ == "__main__":
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    main()
