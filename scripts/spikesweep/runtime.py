"""Settings of the numerical libraries that have to be made before they start."""

import logging
import os

logger = logging.getLogger(__name__)

# NengoDL and tensorflow-model-optimization need Keras 2, and TensorFlow decides between
# Keras 2 and 3 when it is first imported.
os.environ["TF_USE_LEGACY_KERAS"] = "1"
# The user's own settings of Keras (~/.keras/keras.json: number type, epsilon, order of axes,
# backend) must change no number. There can be no file of settings in this folder, nor be made.
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["KERAS_HOME"] = os.devnull
# Nor must those of TensorFlow's kernels and compiler. Its faster kernels are its default only on
# processors with some instructions for neural networks, but are faster on others, too.
for _variable in ("TF_XLA_FLAGS", "XLA_FLAGS", "NVIDIA_TF32_OVERRIDE"):
    os.environ.pop(_variable, None)
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "1"
# A GPU sums in another order, so that the same seed would give other weights.
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
# No messages at each start, of which one calls the absence of a GPU an error. What stops a job is
# an exception.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "TF_NUM_INTRAOP_THREADS",
)


def limit_threads(threads: int) -> None:
    """Make every numerical library in this process use exactly `threads` threads.

    Must be called before NumPy, TensorFlow or Numba is imported.
    """
    for variable in _THREAD_VARIABLES:
        os.environ[variable] = str(threads)
    os.environ["TF_NUM_INTEROP_THREADS"] = "1"


def use_threads(threads: int) -> None:
    """Make TensorFlow use exactly so many threads, which is part of what decides trained weights.

    It sums the gradients of a convolution in an order that depends on the number of threads:
    1, 2 and 4 threads gave three different networks.
    """
    import tensorflow as tf

    if (
        tf.config.threading.get_intra_op_parallelism_threads(),
        tf.config.threading.get_inter_op_parallelism_threads(),
    ) == (threads, 1):
        return
    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:
        logger.warning(
            "TensorFlow is already initialised with its own thread settings; trained "
            "weights may differ"
        )


def make_deterministic(seed: int) -> None:
    """Seed Python, NumPy and TensorFlow, and disable TensorFlow's nondeterministic kernels.

    Forgets the networks that this process has built, which take part in naming the next ones.
    """
    import tensorflow as tf
    import tf_keras

    tf_keras.backend.clear_session()
    tf_keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
