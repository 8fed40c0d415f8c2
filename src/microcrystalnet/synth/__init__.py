"""Rendered scenes of the four classes, and simulated experts."""
