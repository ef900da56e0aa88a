//! The implementation beside its peers: see `benches/`. `just bench` runs them and writes `reports/bench.md`.
