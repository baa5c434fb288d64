"""The checks behind `monitor.match.lint`: one function a check, in files by what they look at."""
