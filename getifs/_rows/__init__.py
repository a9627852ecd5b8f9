"""Row classes, one module per kernel object."""
