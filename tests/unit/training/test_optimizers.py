import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from spikesweep.training.learning_rate import learning_rates
from spikesweep.training.optimizers import Optimizer
from spikesweep.training.settings import TrainingSettings

# Keras's optimizers take the same steps from dozens of operations.
KERAS = {
    "adam": lambda rate, decay: tf_keras.optimizers.Adam(rate, weight_decay=decay),
    "sgd": lambda rate, decay: tf_keras.optimizers.SGD(
        rate, momentum=0.9, nesterov=True, weight_decay=decay
    ),
}


@pytest.mark.parametrize("decay", [0.0, 0.3])
@pytest.mark.parametrize("name", ["adam", "sgd"])
def test_steps_are_those_of_keras(name, decay):
    rng = np.random.default_rng(0)
    first = [rng.standard_normal(shape).astype(np.float32) for shape in ((4, 3), (3,))]
    gradients = [[rng.standard_normal(w.shape).astype(np.float32) for w in first] for _ in range(9)]
    settings = TrainingSettings(epochs=1, optimizer=name, learning_rate=0.05, weight_decay=decay)

    ours = [tf.Variable(w, name=n) for w, n in zip(first, ("kernel", "bias"), strict=True)]
    optimizer = Optimizer(ours, settings)
    for step, rate in zip(gradients, learning_rates(settings, 9), strict=True):
        optimizer.apply([tf.constant(g) for g in step], tf.constant(rate))

    theirs = [tf.Variable(w, name=n) for w, n in zip(first, ("kernel", "bias"), strict=True)]
    schedule = tf_keras.optimizers.schedules.CosineDecay(0.05, decay_steps=9)
    reference = KERAS[name](schedule, decay or None)
    if decay:
        reference.exclude_from_weight_decay(var_names=["bias"])
    for step in gradients:
        reference.apply_gradients(zip(step, theirs, strict=True))
    for a, b, start in zip(ours, theirs, first, strict=True):
        np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-4, atol=1e-6)
        assert not np.allclose(a.numpy(), start, atol=0.01)
