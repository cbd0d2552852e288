"""`measure`: what each method's clauses say."""
