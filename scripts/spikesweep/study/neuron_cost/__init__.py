"""What does a neuron cost: other neurons, starts and read-outs, at the same accuracy?"""
