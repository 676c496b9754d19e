"""Spikesweep: trained Keras networks as spiking networks, and what each spike buys."""
