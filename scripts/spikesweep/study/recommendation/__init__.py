"""The cheapest scale for each layer that keeps the ANN's accuracy: search, promise and check."""
