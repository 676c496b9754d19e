"""Datasets: sources, decoders, checksums, splits."""
