"""How fast the simulation engines are, and where their time goes."""
