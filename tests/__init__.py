"""The tests; a package, so that the demo and the benchmarks can use stand-ins."""
