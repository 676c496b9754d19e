"""From a Keras model to a portable SpikingNetwork."""
