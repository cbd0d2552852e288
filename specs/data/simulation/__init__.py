"""The parts of `specs/data/simulate.py`: one module a block of raw inputs, and the formulas that turn them into
measures."""
