"""Every synapse with every scale of all layers."""
