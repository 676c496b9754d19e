"""Which layers should fire faster."""
