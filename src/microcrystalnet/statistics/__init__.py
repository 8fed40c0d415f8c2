"""Numbers over many crystals: filters, summaries with intervals, and what they are made from."""
