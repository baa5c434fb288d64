"""Benchmarks: contenders side by side, alternately, in one run; what counts is the ratio. `python -m tests.bench`."""
