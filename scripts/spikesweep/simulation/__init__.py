"""From a SpikingNetwork and settings to responses; two engines behind one interface."""
