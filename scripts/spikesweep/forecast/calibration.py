"""How fast this machine is: python -m spikesweep.forecast.calibration prints seconds.

Processor time of one core, for products of matrices and sums of many values, as training and
simulation need them. In a process of its own, so that a run does not load NumPy for it.
"""

import os
import subprocess
import sys
import time

_TIMES = 5


def seconds_here() -> float:
    """What the calibration takes on this machine; measuring it takes about a second."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    told = subprocess.run(
        [sys.executable, "-m", __name__],
        env=os.environ | one_thread,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(told.stdout)


def main() -> None:
    """Print the least time of several, in seconds: others who use the machine add to it."""
    print(f"{min(_measured() for _ in range(_TIMES)):.4f}")


def _measured() -> float:
    import numpy as np

    generator = np.random.default_rng(0)
    weights = generator.normal(size=(512, 512)).astype(np.float32)
    currents = generator.random((512, 2000)).astype(np.float32)
    voltages = np.zeros_like(currents)
    started = time.process_time()
    for _ in range(8):
        voltages += weights @ currents
        spikes = np.floor(np.maximum(voltages, 0))
        voltages -= spikes
    return time.process_time() - started


if __name__ == "__main__":
    main()
