"""Project files: journals, the fold over them, and the project store."""
