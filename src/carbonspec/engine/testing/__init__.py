"""Tests of a study carried out: what each needs of the panel, handed to the library, and its answer with names."""
