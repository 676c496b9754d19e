"""Published scales of layers, from the activations of the trained network on training images."""
