"""The programs that the benchmarks start and measure; each runs as a process of its own."""
