"""Which claims hold of spikes, and which only of one neuron or one way to read the answer?"""
