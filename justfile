# The verbs. Each is a thin recipe over `conform`; `just --list` shows them.

# Everything: all contracts on all drivers, goldens, selftests on QEMU, reports.
conformance *ARGS:
    cargo conformance {{ARGS}}

# Format, lints, goldens, conformance, a bounded fuzz smoke, all tests.
verify *ARGS:
    cargo verify {{ARGS}}

# All tests.
test *ARGS:
    cargo nextest run --release --workspace {{ARGS}}

# The goldens in an unoptimised build with overflow checks: the same bytes as with optimisation, and as on the guest.
test-debug:
    cargo test --package sut --test goldens

# Fuzzes one target until it is stopped (arguments go to libFuzzer).
fuzz TARGET *ARGS:
    cargo conform fuzz run {{TARGET}} -- {{ARGS}}

# Fuzzes all targets in turn, in so many minutes altogether, and writes reports/fuzz.md.
fuzz-all MINUTES="5":
    cargo conform fuzz all {{MINUTES}}

# Takes what was found into the corpora, and drops the inputs that reach nothing which the others don't.
fuzz-cmin *TARGETS:
    cargo conform fuzz cmin {{TARGETS}}

# Compares two machines: `just diff process:'python3 mine.py'`.
diff RIGHT LEFT="model" *ARGS:
    cargo conform diff --left {{quote(LEFT)}} --right {{quote(RIGHT)}} {{ARGS}}

# Shows the last run: md, json, junit or html.
report FORMAT="md" *ARGS:
    cargo conform report --format {{FORMAT}} {{ARGS}}

# Boots the decoders, and the media services with a disk and without, on QEMU, and judges their markers; `--profile` boots others.
qemu *ARGS:
    cargo conform qemu {{ARGS}}

# The post-flight of TASK-0255: the same two boots, whatever else is asked.
postflight-audio:
    cargo conform qemu --profile audio --profile audio-diskless

# The post-flight of the media sessions: it delegates, and judges nothing itself.
postflight-media:
    cargo conform qemu --profile media --profile media-diskless

# Checks the goldens; `just goldens generate` writes them.
goldens ACTION="check":
    cargo conform goldens {{ACTION}}

# Runs a folder of media files through implementation, models and, where it is installed, ffmpeg.
corpus DIR *ARGS:
    cargo conform corpus {{quote(DIR)}} {{ARGS}}

# Checks the pages of spec/pages; `just pages generate` writes them.
pages ACTION="check":
    cargo conform pages {{ACTION}}

# Measures against the peers, and writes reports/bench.md.
bench *ARGS:
    cargo conform bench {{ARGS}}

# The mutations of the implementation that every driver must catch.
mutations *ARGS:
    cargo test --release --test mutations -- --ignored --nocapture each_mutation_is_caught_on_every_driver {{ARGS}}

# Those of the decoders, each of which the format's fuzz target must find within a minute, from the committed corpus.
mutations-fuzz *ARGS:
    cargo test --release --test mutations -- --ignored --nocapture each_mutation_of_a_decoder {{ARGS}}
