"""The embedded engine: one small trained network, asked about whole micrographs and windows."""
