"""Techniques against overfitting, and what they do to spikes."""
