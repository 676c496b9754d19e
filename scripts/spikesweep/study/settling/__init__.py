"""Does each network have a best synapse, or does it only depend on how long an image is shown?"""
