"""What does it do that spikes on a skip path arrive early?"""
