"""The portable spiking network: NumPy only, no TensorFlow."""
