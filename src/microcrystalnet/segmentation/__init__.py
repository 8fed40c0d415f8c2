"""Finding the outline of every crystal."""
