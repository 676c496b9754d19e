"""The fast engine: spikes as lists of events, every common prefix of a sweep computed once."""
