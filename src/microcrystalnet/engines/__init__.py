"""Child processes that hold the machine-learning frameworks, and their client."""
