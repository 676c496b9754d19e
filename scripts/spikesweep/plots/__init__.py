"""One function a figure: DataFrame in, matplotlib Figure out."""
