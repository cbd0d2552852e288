"""Econometric advice: rules that speak and never fail."""
