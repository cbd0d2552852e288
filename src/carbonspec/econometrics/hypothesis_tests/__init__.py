"""Tests of panels: arrays in, rows of results out."""
