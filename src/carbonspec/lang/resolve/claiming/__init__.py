"""`hypothesis`, `expect` and the numbers they cite."""
