"""Measurements that are too slow or too noisy for the tests. `make bench` runs all of them."""
