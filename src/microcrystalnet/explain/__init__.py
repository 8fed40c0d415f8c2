"""Why a network calls a crystal what it does."""
