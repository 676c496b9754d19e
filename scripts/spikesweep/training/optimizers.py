"""Adam and SGD as TensorFlow's own kernels, one operation for each weight.

The optimizers of Keras build them from a dozen operations, which on small networks take as long as
the rest of a step.
"""

from collections.abc import Sequence

import tensorflow as tf

from spikesweep.training.settings import TrainingSettings

_BETA_1, _BETA_2, _EPSILON = 0.9, 0.999, 1e-7


class Optimizer:
    """The optimizer that the settings name, with its state.

    weights: those that it changes, in the order of their gradients.
    state: all that it remembers from one step to the next, in a fixed order.
    """

    def __init__(self, weights: Sequence[tf.Variable], settings: TrainingSettings) -> None:
        self.weights = weights
        self._decay = settings.weight_decay
        adam = settings.optimizer == "adam"
        self._rule = _Adam(weights) if adam else _Nesterov(weights, settings.momentum)
        self.state = self._rule.state

    def apply(self, gradients: Sequence[tf.Tensor], rate: tf.Tensor) -> None:
        """Take one step; `rate` is a float32 scalar.

        Weight decay is decoupled from the gradients (Loshchilov and Hutter 2019) and taken first.
        """
        if self._decay:
            for weight in self.weights:
                if is_kernel(weight):
                    weight.assign_sub(weight * (self._decay * rate))
        self._rule.apply(gradients, rate)


def is_kernel(weight: tf.Variable) -> bool:
    """Whether these are weights proper, not biases or parameters of a normalization."""
    return "kernel" in weight.name


class _Adam:
    """Kingma and Ba (2015), "Adam", algorithm 1, with the numbers that Keras uses."""

    def __init__(self, weights: Sequence[tf.Variable]) -> None:
        self._weights = weights
        self._means, self._squares = _zeros_like(weights), _zeros_like(weights)
        self._powers = [tf.Variable(1.0, trainable=False) for _ in range(2)]
        self.state = [*self._powers, *self._means, *self._squares]

    def apply(self, gradients: Sequence[tf.Tensor], rate: tf.Tensor) -> None:
        for power, beta in zip(self._powers, (_BETA_1, _BETA_2), strict=True):
            power.assign(power * beta)
        for weight, mean, square, gradient in zip(
            self._weights, self._means, self._squares, gradients, strict=True
        ):
            tf.raw_ops.ResourceApplyAdam(
                var=weight.handle,
                m=mean.handle,
                v=square.handle,
                beta1_power=self._powers[0],
                beta2_power=self._powers[1],
                lr=rate,
                beta1=_BETA_1,
                beta2=_BETA_2,
                epsilon=_EPSILON,
                grad=gradient,
            )


class _Nesterov:
    """Sutskever et al. (2013), "On the importance of initialization and momentum", equation 3."""

    def __init__(self, weights: Sequence[tf.Variable], momentum: float) -> None:
        self._weights = weights
        self._momentum = momentum
        self.state = _zeros_like(weights)

    def apply(self, gradients: Sequence[tf.Tensor], rate: tf.Tensor) -> None:
        for weight, velocity, gradient in zip(self._weights, self.state, gradients, strict=True):
            tf.raw_ops.ResourceApplyKerasMomentum(
                var=weight.handle,
                accum=velocity.handle,
                lr=rate,
                grad=gradient,
                momentum=self._momentum,
                use_nesterov=True,
            )


def _zeros_like(weights: Sequence[tf.Variable]) -> list[tf.Variable]:
    return [tf.Variable(tf.zeros_like(weight), trainable=False) for weight in weights]
