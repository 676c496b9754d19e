"""What all figures share: look, colours, axes, heat maps; and two figures that belong to no study.

A figure is one function `plot_<figure>`: DataFrames in, named as its rule's inputs, and a
matplotlib Figure out.
"""
