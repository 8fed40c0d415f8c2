"""Speed and memory, measured side by side with the naive way; run by `make bench`."""
