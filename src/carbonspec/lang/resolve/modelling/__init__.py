"""`model`: columns, what stands after the bar, estimators, standard errors."""
