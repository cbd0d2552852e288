"""Figures as pictures: maps and trends, drawn from the numbers of a run."""
