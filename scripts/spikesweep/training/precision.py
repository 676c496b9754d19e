"""In which precision this machine multiplies, when a training is asked for less than float32."""

import logging
from functools import cache
from pathlib import Path

logger = logging.getLogger(__name__)

# Marks of processors that multiply numbers of bfloat16 themselves, as /proc/cpuinfo spells them.
_BFLOAT16 = {"avx512_bf16", "amx_bf16"}


def precision_here(asked: str) -> str:
    """The precision of products in a training: `bfloat16` only where the processor has it.

    Without such instructions TensorFlow either leaves float32 as it is or imitates bfloat16. On a
    processor with AVX2 alone, imitation trained ResNet-9 16 times more slowly than float32.
    """
    if asked == "bfloat16" and not _has_bfloat16():
        return "float32"
    return asked


def say_precision(asked: str) -> None:
    """Log that this machine trains in another precision than it was asked for, if so."""
    if (done := precision_here(asked)) != asked:
        logger.warning(
            "training.precision is %s, for which this processor has no instructions (%s): "
            "trained in %s. The network is not the one of a machine that has them",
            asked,
            " or ".join(sorted(_BFLOAT16)),
            done,
        )


@cache
def _has_bfloat16(cpuinfo: Path = Path("/proc/cpuinfo")) -> bool:
    try:
        lines = cpuinfo.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    return any(not _BFLOAT16.isdisjoint(line.split()) for line in lines if line.startswith("flags"))
