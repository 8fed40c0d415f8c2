"""Reading micrographs and the calibration that comes with them."""
