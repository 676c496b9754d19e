"""Small networks of the kinds that users bring, of Keras 2 (tf_keras) or Keras 3, untrained."""

import numpy as np

import spikesweep.runtime  # noqa: F401  (Keras 2 for TensorFlow)

SHAPE = (8, 8, 3)


def sequential(library):
    la = library.layers
    return library.Sequential(
        [
            la.Input(SHAPE),
            la.Rescaling(1 / 127.5, offset=-1),
            la.Conv2D(4, 3, use_bias=False),
            la.BatchNormalization(),
            la.ReLU(),
            la.AveragePooling2D(2),
            la.Flatten(),
            la.Dropout(0.5),
            la.Dense(10, activation="softmax"),
        ]
    )


def functional(library):
    la = library.layers
    image = la.Input(SHAPE)
    x = la.Conv2D(4, 3, strides=2, padding="same", activation="relu", name="stem")(image)
    shared = la.Conv2D(4, 3, padding="same", activation="relu", name="shared")
    x = la.Concatenate()([la.Add()([shared(x), x]), shared(shared(x))])
    x = la.ZeroPadding2D(1)(x)
    x = la.GlobalAveragePooling2D()(x)
    x = la.Reshape((2, 4))(x)
    x = la.Dense(10)(la.Flatten()(x))
    return library.Model(image, la.Activation("softmax")(x))


def nested(library):
    la = library.layers
    inner = library.Sequential(
        [la.Input(SHAPE), la.Conv2D(4, 3, activation="relu", name="conv"), la.Flatten()]
    )
    image = la.Input(SHAPE)
    return library.Model(image, la.Dense(10)(inner(image)))


def with_weights(model):
    """Random weights, among them the statistics of batch normalization."""
    rng = np.random.default_rng(1)
    model.set_weights(
        [rng.uniform(0.1, 1.0, w.shape) - 0.3 * (w.ndim > 1) for w in model.get_weights()]
    )
    return model


NETWORKS = (sequential, functional, nested)
