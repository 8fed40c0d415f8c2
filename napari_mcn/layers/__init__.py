"""The only modules that read or write napari layers."""
