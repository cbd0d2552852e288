"""The parts of `specs/data/simulate.py`: a module for each block of raw inputs, one for the formulas of measures."""
