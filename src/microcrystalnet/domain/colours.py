"""Colours that mean the same in the window, in figures and in files, beside those of classes."""

NO_CLASS = "#8c8c8c"  # dots, frames and keys: to be seen on white and on black
NO_CLASS_LINE = "#ffffff"  # outlines: no grey stands out from a micrograph
TEAL = "#00c8c8"  # where a network contradicts the experts
