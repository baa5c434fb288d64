"""What we compare ourselves with; each file is a program of its own that polls a list of feeds once."""
