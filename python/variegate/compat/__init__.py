"""Ways to use the package under other names."""
