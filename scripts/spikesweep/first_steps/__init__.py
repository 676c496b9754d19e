"""A short course in Nengo: six models, each a file to import, to run and to open in NengoGUI."""
