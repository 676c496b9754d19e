"""Why a network has no NIR file."""


class NotExpressibleError(Exception):
    """What NIR has no node for; its message names the layer."""
