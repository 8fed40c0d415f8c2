"""Labels that others keep in spreadsheets: read, matched to crystals, imported, written back."""
