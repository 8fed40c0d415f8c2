"""One module for every step of the workbench: its page and the controllers behind it."""
