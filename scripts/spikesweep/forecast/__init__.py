"""How long a run will take and how much it will write; what is left of it while it runs."""
