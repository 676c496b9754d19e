"""What does a network need to run elsewhere, and what does it do there?"""
