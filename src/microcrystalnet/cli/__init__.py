"""The command line `mcn`."""
