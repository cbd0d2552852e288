"""Panel unit root and stationarity tests."""
