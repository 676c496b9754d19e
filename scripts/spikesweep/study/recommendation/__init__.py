"""The cheapest scale for each layer that keeps the ANN's accuracy: found, promised, checked."""
