"""The config: checked before anything runs, and cut into the slices that jobs get."""
