"""What several experts together say about a crystal."""
