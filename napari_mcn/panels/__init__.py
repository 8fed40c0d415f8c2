"""Qt widgets: signals say what the user did, set_ methods say what to show."""
