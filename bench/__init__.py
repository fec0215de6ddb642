"""Benchmarks: ./run bench NAME runs bench_NAME.py. Each prints a table and, last, one line of JSON."""
