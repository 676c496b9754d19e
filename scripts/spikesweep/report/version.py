"""The version of Spikesweep, which CITATION.cff and pyproject.toml name, too."""

VERSION = "1.0.0"
