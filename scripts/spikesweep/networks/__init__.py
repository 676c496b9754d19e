"""Named Keras architectures, and readers of users' own files."""
