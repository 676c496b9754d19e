"""The one exception that is meant to be read by a user."""


class UserError(Exception):
    """A mistake that the user can fix; its message is shown alone, without a traceback.

    The message takes one or two lines: the file or config key, what was found, what is
    allowed, what to do.
    """
