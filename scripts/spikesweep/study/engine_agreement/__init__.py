"""Whether both engines give the same results."""
