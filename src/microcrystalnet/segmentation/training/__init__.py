"""How the embedded segmentation network was made, and how to make it again (needs torch)."""
