"""Pictures of every class, to compare a crystal with."""
