"""Pure functions on arrays: contrast, masks, crops, measurement."""
