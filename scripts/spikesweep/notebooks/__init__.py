"""Running notebooks with the parameters of a config, and showing them as web pages."""
