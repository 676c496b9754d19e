"""Many steps of a training in one call of a compiled function."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import numpy as np
import tensorflow as tf
import tf_keras

from spikesweep.data.scaling import Numbers
from spikesweep.training.image_size import for_smaller_images, shrunk
from spikesweep.training.optimizers import Optimizer, is_kernel
from spikesweep.training.precision import precision_here
from spikesweep.training.settings import TrainingSettings

# TensorFlow's option that rewrites convolutions and matrix products of float32 to bfloat16.
_BFLOAT16 = "auto_mixed_precision_onednn_bfloat16"

# Takes a step for each batch; returns the cross-entropy of each and how many images were right.
Steps = Callable[[np.ndarray, np.ndarray, np.ndarray, int | None], tuple[np.ndarray, int]]


def compiled_steps(
    model: tf_keras.Model,
    optimizer: Optimizer,
    settings: TrainingSettings,
    *,
    input_scale: Numbers,
    input_offset: Numbers,
    before_each: Callable[[], None] | None = None,
) -> Steps:
    """A function of images, labels, learning rates and a size that trains `model` in place.

    It takes images (steps, batch, H, W, C) uint8, labels (steps, batch) int64, rates (steps,)
    float32, and the longer side in pixels to which it shrinks the images, or None. On small
    networks, a call from Python for each step would take as long as the step.

    before_each: TensorFlow operations that come before each step.

    Raises UserError if images are to be shrunk that the network then cannot take.
    """
    weights = optimizer.weights
    kernels = [weight for weight in weights if is_kernel(weight)]
    smoothing = settings.label_smoothing
    precision = precision_here(settings.precision)
    scale, offset = (np.asarray(numbers, np.float32) for numbers in (input_scale, input_offset))
    called = for_smaller_images(model, settings) if settings.image_sizes else model

    def step(
        pixels: tf.Tensor, labels: tf.Tensor, rate: tf.Tensor, size: int | None
    ) -> tuple[tf.Tensor, tf.Tensor]:
        if before_each:
            before_each()
        x = tf.cast(pixels, tf.float32)
        if size is not None:
            x = shrunk(x, size)
        x = x * scale + offset
        with tf.GradientTape() as tape:
            logits = called(x, training=True)
            cross_entropy = tf.reduce_mean(
                tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)
            )
            total = cross_entropy
            if smoothing:
                # Cross-entropy with a label that is the same share of each class.
                even = tf.reduce_logsumexp(logits, axis=-1) - tf.reduce_mean(logits, axis=-1)
                total = (1 - smoothing) * cross_entropy + smoothing * tf.reduce_mean(even)
            if settings.l2:
                squares = [tf.reduce_sum(tf.square(kernel)) for kernel in kernels]
                total += settings.l2 * tf.add_n(squares)
        optimizer.apply(tape.gradient(total, weights), rate)
        return cross_entropy, tf.reduce_sum(tf.cast(tf.argmax(logits, axis=-1) == labels, tf.int32))

    # Without XLA: on a CPU it takes seconds to compile, and its convolutions are slower.
    batches = tf.TensorSpec((None, settings.batch_size, *model.input_shape[1:]), tf.uint8)
    of_labels = tf.TensorSpec((None, settings.batch_size), tf.int64)

    @cache
    def compiled(size: int | None) -> Callable[..., tuple[tf.Tensor, tf.Tensor]]:
        @tf.function(
            input_signature=[batches, of_labels, tf.TensorSpec((None,), tf.float32)],
            autograph=False,
        )
        def take(
            images: tf.Tensor, labels: tf.Tensor, rates: tf.Tensor
        ) -> tuple[tf.Tensor, tf.Tensor]:
            count = tf.shape(rates)[0]

            def body(
                k: tf.Tensor, losses: tf.TensorArray, hits: tf.Tensor
            ) -> tuple[tf.Tensor, tf.TensorArray, tf.Tensor]:
                loss, correct = step(images[k], labels[k], rates[k], size)
                return k + 1, losses.write(k, loss), hits + correct

            start = (0, tf.TensorArray(tf.float32, count), 0)
            _, losses, hits = tf.while_loop(
                lambda k, *_: k < count, body, start, parallel_iterations=1
            )
            return losses.stack(), hits

        return take

    def steps(
        images: np.ndarray, labels: np.ndarray, rates: np.ndarray, size: int | None
    ) -> tuple[np.ndarray, int]:
        with _products_in(precision):
            losses, hits = compiled(size)(images, labels, rates)
        return losses.numpy(), int(hits)

    return steps


@contextmanager
def _products_in(precision: str) -> Iterator[None]:
    """Let compiled functions that are called meanwhile compute products in this precision."""
    if precision == "float32":
        yield
        return
    before = tf.config.optimizer.get_experimental_options().get(_BFLOAT16, False)
    tf.config.optimizer.set_experimental_options({_BFLOAT16: True})
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options({_BFLOAT16: before})
