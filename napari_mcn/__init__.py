"""How a person drives microcrystalnet in napari."""
