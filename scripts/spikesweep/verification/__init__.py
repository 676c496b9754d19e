"""Whether the results of a finished study are still what its run wrote."""
