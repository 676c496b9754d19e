"""Published scales and corrections beside the recommended scales, on the same images."""
