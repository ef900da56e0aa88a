//! What the checks of the contract `boot` must be seen to catch, in this run, on the log of a boot that passed.

/// How a boot lies.
pub enum Tamper {
    /// Its log says something else; the judge must reject it.
    Log(&'static str, fn(&mut Vec<String>)),
    /// Its second run says something else.
    Repeat(fn(&mut Vec<u8>)),
    /// The file that it left on its disk in this profile is another.
    File(&'static str, fn(&mut Vec<u8>)),
    /// The file that a cut of the power left is another.
    Cut(fn(&mut Vec<u8>)),
    /// The file of settings that a guest left is another.
    Settings(fn(&mut Vec<u8>)),
    /// The manifest of the services is another.
    Manifest(fn(&mut String)),
}

/// A lie.
pub struct Lie {
    /// The requirement that it breaks.
    pub requirement: &'static str,
    /// What it does wrong, as the end of a sentence that starts with "a guest that".
    pub what: &'static str,
    /// How.
    pub how: Tamper,
}

const fn log(requirement: &'static str, what: &'static str, tamper: fn(&mut Vec<String>)) -> Lie {
    Lie { requirement, what, how: Tamper::Log("audio", tamper) }
}

const fn media(requirement: &'static str, what: &'static str, tamper: fn(&mut Vec<String>)) -> Lie {
    Lie { requirement, what, how: Tamper::Log("media", tamper) }
}

const fn decoders(requirement: &'static str, what: &'static str, tamper: fn(&mut Vec<String>)) -> Lie {
    Lie { requirement, what, how: Tamper::Log("decoders", tamper) }
}

/// Every line that begins so becomes what `change` makes of it.
fn lines(log: &mut [String], start: &str, change: impl Fn(&str) -> String) {
    for line in log.iter_mut().filter(|line| line.starts_with(start)) {
        *line = change(line);
    }
}

fn without(log: &mut Vec<String>, start: &str) {
    log.retain(|line| !line.starts_with(start));
}

/// One of a line's digits becomes another.
fn other_digest(line: &str) -> String {
    let digit = line.chars().last().map_or('0', |last| if last == '0' { '1' } else { '0' });
    format!("{}{digit}", line.get(..line.len().saturating_sub(1)).unwrap_or_default())
}

/// Every lie.
pub fn lies() -> Vec<Lie> {
    vec![
        log("BOOT-001", "answers the first script with digits of its own", |log| {
            lines(log, "conform: answer part=audio.tone", other_digest)
        }),
        Lie { requirement: "BOOT-002", what: "ticks a block more when it is booted again", how: Tamper::Repeat(|log| log.push(b'\n')) },
        log("BOOT-002", "counts its blocks from 0", |log| {
            lines(log, "audiod: tick seq=1 ", |line| line.replace("seq=1 ", "seq=0 "));
        }),
        log("BOOT-003", "says twice that audiod is ready", |log| {
            let at = log.iter().position(|line| line == "audiod: ready").unwrap_or(0);
            log.insert(at, "audiod: ready".to_owned());
        }),
        log("BOOT-004", "tells a peak of 1 in every tick", |log| {
            lines(log, "audiod: tick", |line| {
                let parts: Vec<String> =
                    line.split(' ').map(|part| if part.starts_with("mix=") { "mix=1".to_owned() } else { part.to_owned() }).collect();
                parts.join(" ")
            });
        }),
        log("BOOT-005", "keeps an underrun to itself", |log| without(log, "audiod: underrun")),
        log("BOOT-006", "does not tell that it was muted", |log| log.retain(|line| !line.ends_with("muted=true"))),
        log("BOOT-007", "says that a session plays before one does", |log| log.insert(6, "mediasession: playing".to_owned())),
        log("BOOT-008", "ducks by 3 dB", |log| lines(log, "audiod: duck", |_| "audiod: duck -3dB".to_owned())),
        log("BOOT-009", "never releases the wake lock", |log| without(log, "powerd: wakelock release")),
        log("BOOT-010", "claims the tone without an answer", |log| without(log, "conform: answer part=audio.tone")),
        log("BOOT-011", "claims the streams behind another answer", |log| lines(log, "conform: answer part=audio.stream", other_digest)),
        log("BOOT-012", "claims a recording that says it is a stub", |log| {
            let at = log.iter().position(|line| line == "SELFTEST: audio record ok").unwrap_or(0);
            log.insert(at, "audio.record: stub/placeholder".to_owned());
        }),
        Lie {
            requirement: "BOOT-012",
            what: "records one sample otherwise",
            how: Tamper::File("audio", |file| {
                if let Some(byte) = file.last_mut() {
                    *byte ^= 1;
                }
            }),
        },
        Lie {
            requirement: "BOOT-013",
            what: "claims a recording without a disk",
            how: Tamper::Log("audio-diskless", |log| {
                lines(log, "audio.record: stub/placeholder", |_| "SELFTEST: audio record ok".to_owned());
                lines(log, "conform: done", |_| "conform: done selftests=6".to_owned());
            }),
        },
        log("BOOT-014", "claims the duck before it answers", |log| {
            if let Some(at) = log.iter().position(|line| line.starts_with("conform: answer part=audio.duck")) {
                log.swap(at, at + 1);
            }
        }),
        log("BOOT-015", "plays another tone than tonegen was asked for", |log| lines(log, "SELFTEST: tonegen", other_digest)),
        log("BOOT-016", "leaves a selftest out", |log| {
            without(log, "SELFTEST: audio stream");
            lines(log, "conform: done", |_| "conform: done selftests=5".to_owned());
        }),
        Lie {
            requirement: "BOOT-016",
            what: "is silent where a placeholder belongs",
            how: Tamper::Log("audio-diskless", |log| without(log, "audio.record: stub/placeholder")),
        },
        log("BOOT-017", "does not say that i2sd is a stub", |log| without(log, "i2sd: stub/placeholder")),
        Lie {
            requirement: "BOOT-018",
            what: "leaves half a file when the power is cut",
            how: Tamper::Cut(|file| file.truncate(file.len() / 2)),
        },
        Lie {
            requirement: "BOOT-020",
            what: "keeps another level than was set",
            how: Tamper::Settings(|file| {
                let other = String::from_utf8_lossy(file).replace("audio.master.level=0.", "audio.master.level=0.0");
                *file = other.into_bytes();
            }),
        },
        Lie {
            requirement: "BOOT-019",
            what: "mixes without the audio core",
            how: Tamper::Manifest(|manifest| *manifest = manifest.replace("audio.workspace", "own-mixer.workspace")),
        },
        media("BOOT-021", "claims to have played behind another answer", |log| lines(log, "conform: answer part=media.play", other_digest)),
        media("BOOT-022", "ducks a dB deeper than it was configured", |log| {
            lines(log, "audiod: duck -", |line| line.replace("duck -", "duck -1"));
        }),
        media("BOOT-022", "claims the duck without an answer", |log| without(log, "conform: answer part=media.duck")),
        media("BOOT-023", "claims the mute before it answers", |log| {
            if let Some(at) = log.iter().position(|line| line.starts_with("conform: answer part=media.mute")) {
                log.swap(at, at + 1);
            }
        }),
        media("BOOT-024", "claims a resume that it did not show", |log| lines(log, "conform: answer part=media.focus", other_digest)),
        Lie {
            requirement: "BOOT-025",
            what: "exports a record less than it says",
            how: Tamper::File("media", |file| {
                let end = file.iter().position(|byte| *byte == b'\n').map_or(0, |at| at + 1);
                file.drain(..end);
            }),
        },
        Lie {
            requirement: "BOOT-026",
            what: "claims an export without a disk",
            how: Tamper::Log("media-diskless", |log| {
                lines(log, "metrics: export stub/placeholder", |_| "metrics: export lines=1 bytes=217".to_owned());
            }),
        },
        media("BOOT-027", "keeps a handoff to itself", |log| without(log, "media: handoff accept")),
        media("BOOT-027", "tells a position by a clock of its own", |log| {
            lines(log, "media: state", |line| line.replace("paused pos=", "paused pos=1"));
        }),
        decoders("BOOT-028", "says that its decoders are on, and decodes nothing", |log| without(log, "conform: answer part=media.decode")),
        decoders("BOOT-028", "decodes one byte otherwise", |log| lines(log, "conform: answer part=media.decode", other_digest)),
        decoders("BOOT-028", "leaves a file out", |log| {
            lines(log, "conform: answer part=media.decode", |line| line.replace("cases=5", "cases=4"));
        }),
        decoders("BOOT-028", "says that its decoders are on before it decodes", |log| {
            if let Some(at) = log.iter().position(|line| line.starts_with("conform: answer part=media.decode")) {
                log.swap(at, at + 1);
            }
        }),
    ]
}
