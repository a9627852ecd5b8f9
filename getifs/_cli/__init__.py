"""The command line; may be left out of an image."""
