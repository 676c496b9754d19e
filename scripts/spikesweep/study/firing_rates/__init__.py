"""How fast every single neuron fires, before and after scaling."""
