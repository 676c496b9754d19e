"""Files that are broken, or that try to have code run, each made from a sound one by a seed."""

import base64
import io
import json
import marshal
import random
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

Json = Any

# What stands in for a value of a description.
ODD: list[Json] = [
    *(None, -1, 0, 1e308, "x", "relu", [], {}, [None], True, "Dense", 10**12, [3], [3, 3, 3]),
    *({"class_name": "Dense"}, "../../etc/passwd", [[[["a"]]]], float("nan"), "é" * 100),
]


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Content with some bits, bytes or stretches changed, or cut off."""
    changed = bytearray(content)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        position, kind = chance.randrange(len(changed)), chance.random()
        length = chance.choice([1, 4, 50])
        if kind < 0.5:
            changed[position] ^= 1 << chance.randrange(8)
        elif kind < 0.7:
            changed[position] = chance.choice([0, 255, 127, 128])
        elif kind < 0.8:
            del changed[position : position + length]
        elif kind < 0.9:
            changed[position:position] = chance.randbytes(length)
        else:
            del changed[position:]
        changed = changed or bytearray(b"x")
    return bytes(changed)


def mutated_json(value: Json, chance: random.Random, traps: list[Json]) -> Json:
    """A description with some values removed or replaced, some of them by traps."""
    value = json.loads(json.dumps(value))
    for _ in range(chance.choice([1, 1, 2, 3])):
        *parents, last = chance.choice([path for path, _ in _walk(value) if path])
        inside = value
        for key in parents:
            inside = inside[key]
        kind = chance.random()
        if kind < 0.3:
            del inside[last]
        else:
            inside[last] = chance.choice(traps if kind < 0.5 else ODD)
    return value


def with_member(archive: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A zip archive with one of its members changed."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(target, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            new.writestr(member, change(content) if member == name else content)
    return target.getvalue()


def traps(target: str) -> list[Json]:
    """What would have Keras run something, or read a file: each way would write `target`."""
    write = f"open({target!r}, 'w')"
    code = base64.b64encode(marshal.dumps(compile(write, "trap", "eval"))).decode()
    function = {
        "class_name": "__lambda__",
        "config": {"code": code, "defaults": None, "closure": None},
    }
    old_function = {"function": [code, None, None], "function_type": "lambda"}
    operation = {"function": "io.write_file", "name": "trap"}
    return [
        function,
        _layer("Lambda", function=function),
        {"class_name": "Lambda", "config": old_function},
        _function("os", "system"),
        _function("builtins", "exec"),
        _function("keras.utils", "get_file"),
        _function("keras.config", "enable_unsafe_deserialization"),
        {"class_name": "Popen", "module": "subprocess", "config": {"args": ["touch", target]}},
        {"class_name": "Trap", "module": None, "config": {}, "registered_name": "trap>Trap"},
        _layer("TorchModuleWrapper", module=code),
        _layer("TFSMLayer", filepath=target),
        _layer("StringLookup", vocabulary="/etc/passwd"),
        {
            "class_name": "TFOpLambda",
            "name": "trap",
            "config": operation,
            "inbound_nodes": [["image", 0, 0, {"filename": target}]],
        },
        {"class_name": "__typespec__", "spec_name": write, "module": "os", "config": [target]},
    ]


def _layer(kind: str, **config: Json) -> Json:
    return {"class_name": kind, "module": "keras.layers", "config": config | {"name": "trap"}}


def _function(module: str, name: str) -> Json:
    function = {"class_name": "function", "module": module, "config": name}
    return function | {"registered_name": name}


class Trap:
    """Writes a file when it is unpickled."""

    def __init__(self, target: str) -> None:
        self.target = target

    def __reduce__(self) -> tuple[Any, ...]:
        return open, (self.target, "w")


def npz_files(target: str) -> list[bytes]:
    """Datasets, compressed or not, the last of them with a trap in it."""
    images = np.random.default_rng(0).integers(0, 255, (30, 4, 4, 1), dtype=np.uint8)
    parts = {"x_train": images, "y_train": np.arange(30) % 3}
    parts |= {"x_test": images, "y_test": np.arange(30) % 3}
    trapped = parts | {"y_test": np.array([Trap(target)] * 30)}
    found = []
    for save, arrays in ((np.savez, parts), (np.savez_compressed, parts), (np.savez, trapped)):
        file = io.BytesIO()
        save(file, **arrays)
        found.append(file.getvalue())
    return found


def _walk(value: Json, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Json]]:
    yield path, value
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _walk(value[key], (*path, key))
