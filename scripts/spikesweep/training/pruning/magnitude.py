"""Magnitude pruning by tensorflow-model-optimization: the smallest weights of each layer."""

import tf_keras
from tensorflow_model_optimization.sparsity.keras import (
    PolynomialDecay,
    UpdatePruningStep,
    prune_low_magnitude,
    strip_pruning,
)


class MagnitudePruning:
    """Sets the weights of smallest magnitude to zero, in each layer the same share.

    Every layer with a kernel is pruned, the readout included; biases and normalizations are not.
    Until the schedule ends a weight may come back, if its gradient makes it large again; from
    then on the zeros stay where they are.

    changes: none, as the wrapped layers themselves count the steps and change their weights.
    """

    changes = None

    def __init__(self, model: tf_keras.Model, schedule: PolynomialDecay) -> None:
        self.model = tf_keras.models.clone_model(
            model,
            clone_function=lambda layer: (
                prune_low_magnitude(layer, schedule) if hasattr(layer, "kernel") else layer
            ),
        )
        self._update = UpdatePruningStep()
        self._update.set_model(self.model)
        self._update.on_train_begin()

    def finish(self) -> tf_keras.Model:
        """The network without the wrappers."""
        # The last step of the optimizer moved the masked weights too.
        self._update.on_epoch_end(None)
        return strip_pruning(self.model)
