"""Whether both engines give the same."""
