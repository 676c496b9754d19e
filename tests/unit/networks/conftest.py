"""Small networks as users save them."""

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)
