"""How the kernels are compiled."""

from numba import njit

# Numba's cache does not notice a change here: clear __pycache__ after one.
compiled = njit(cache=True, nogil=True, error_model="numpy")
