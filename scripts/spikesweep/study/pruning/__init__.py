"""How many weights a network can lose, and what that does to its spikes."""
