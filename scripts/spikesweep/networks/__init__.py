"""Registry of named Keras architectures, and readers of users' own files."""
