"""The report: its main numbers, what made it, and the page itself."""
