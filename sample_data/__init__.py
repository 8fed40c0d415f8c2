"""The sample project: rendered micrographs with exact masks and three simulated experts."""
