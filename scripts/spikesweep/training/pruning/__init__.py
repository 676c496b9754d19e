"""Removing weights or whole units from a network while it trains."""
