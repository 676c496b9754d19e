"""Small networks that hold every kind of layer."""

from every_layer import every_layer, images, network

__all__ = ["every_layer", "images", "network"]
