"""What every study that simulates shares."""
