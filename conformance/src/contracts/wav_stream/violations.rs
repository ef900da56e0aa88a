//! Wrong machines of the contract `wav-stream`.

mod used;

use super::touched::{fmt, number};
use crate::contracts::decoding::{instead, mishearing, patched, telling, wrong};
use crate::suite::{Violation, meddling, tampered, violation};
use spec::ErrorCode as E;
use spec::devices::Blob;
use spec::wav_stream::{Obs, Op, PCM_SUB_FORMAT, Pixels, WAV_STREAM_PACKET_FRAMES, WAV_STREAM_TAG_EXTENSIBLE, WavStream, chunks};

/// A stream with another start.
fn started(op: &Op, change: fn(&mut [u8])) -> Op {
    patched(op, |stream| {
        if let Some(start) = stream.get_mut(..12) {
            change(start);
        }
    })
}

/// A stream whose first fmt chunk has other content, where its first 16 bytes are there.
fn described(op: &Op, change: fn(&mut [u8])) -> Op {
    patched(op, |stream| {
        let found = chunks(stream);
        if let Some(chunk) = found.iter().find(|chunk| chunk.name == *b"fmt " && chunk.content.len() >= 16) {
            change(&mut stream[chunk.content.clone()]);
        }
    })
}

/// A stream of samples of so many bytes, each of which is changed.
fn resampled(op: &Op, widths: &[u16], change: fn(&mut [u8])) -> Op {
    patched(op, |stream| {
        let found = chunks(stream);
        let Some([.., b0, b1]) = fmt(stream, &found) else { return };
        let width = number(*b0, *b1) / 8;
        if let Some(data) = found.last().filter(|chunk| chunk.name == *b"data" && widths.contains(&width)) {
            stream[data.content.clone()].chunks_exact_mut(width.into()).for_each(change);
        }
    })
}

/// Changes samples that are told as they are.
fn turned(obs: Obs, change: impl FnOnce(&mut Vec<i16>)) -> Obs {
    match obs {
        Obs::Pcm { packet, samples: Pixels::Bytes(Blob(bytes)) } => {
            let mut samples: Vec<i16> = bytes.as_chunks::<2>().0.iter().map(|two| i16::from_le_bytes(*two)).collect();
            change(&mut samples);
            Obs::Pcm { packet, samples: Pixels::Bytes(Blob(samples.iter().flat_map(|sample| sample.to_le_bytes()).collect())) }
        }
        obs => obs,
    }
}

/// What the machine was fed so far.
fn fed(stream: &mut Vec<u8>, op: &Op) {
    match op {
        Op::Feed(Blob(bytes)) => stream.extend(bytes),
        Op::Cancel => stream.clear(),
        _ => {}
    }
}

/// Whether a stream's data chunk is so.
fn data_is(stream: &[u8], so: impl FnOnce(&spec::wav_stream::Found, usize) -> bool) -> bool {
    let found = chunks(stream);
    let Some([.., a0, a1, _, _]) = fmt(stream, &found) else { return false };
    found.last().is_some_and(|chunk| chunk.name == *b"data" && so(chunk, usize::from(number(*a0, *a1)).max(1)))
}

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<WavStream>> {
    let mut all = of_headers();
    all.extend(of_samples());
    all.extend(of_chunks());
    all.extend(used::of_bounds());
    all.extend(used::of_use());
    all
}

fn of_headers() -> Vec<Violation<WavStream>> {
    vec![
        violation("WAV_STREAM-001", "takes any first letters", || {
            mishearing(|op| started(op, |start| start[..4].copy_from_slice(b"RIFF")))
        }),
        violation("WAV_STREAM-001", "takes any form", || mishearing(|op| started(op, |start| start[8..].copy_from_slice(b"WAVE")))),
        violation("WAV_STREAM-002", "tells one channel more", wrong::one_channel_more),
        violation("WAV_STREAM-002", "tells rates in hundreds", wrong::rates_in_hundreds),
        violation("WAV_STREAM-003", "does not look at the alignment", || {
            mishearing(|op| {
                described(op, |fmt| {
                    let align = number(fmt[2], fmt[3]).wrapping_mul(number(fmt[14], fmt[15]) / 8);
                    fmt[12..14].copy_from_slice(&align.to_le_bytes());
                })
            })
        }),
        violation("WAV_STREAM-003", "does not look at the byte rate", || {
            mishearing(|op| {
                described(op, |fmt| {
                    let rate = u32::from_le_bytes([fmt[4], fmt[5], fmt[6], fmt[7]]);
                    let align = number(fmt[2], fmt[3]).wrapping_mul(number(fmt[14], fmt[15]) / 8);
                    fmt[8..12].copy_from_slice(&rate.wrapping_mul(align.into()).to_le_bytes());
                })
            })
        }),
        violation("WAV_STREAM-003", "does not look at the valid bits", || {
            mishearing(|op| {
                described(op, |fmt| {
                    if fmt.len() >= 40 {
                        fmt[18..20].copy_from_slice(&[1, 0]);
                    }
                })
            })
        }),
        violation("WAV_STREAM-004", "takes every tag for PCM's", || {
            mishearing(|op| {
                described(op, |fmt| {
                    if number(fmt[0], fmt[1]) != WAV_STREAM_TAG_EXTENSIBLE {
                        fmt[..2].copy_from_slice(&[1, 0]);
                    }
                })
            })
        }),
        violation("WAV_STREAM-004", "does not look at the sub-format", || {
            mishearing(|op| {
                described(op, |fmt| {
                    if let Some(sub_format) = fmt.get_mut(24..40) {
                        sub_format.copy_from_slice(&PCM_SUB_FORMAT);
                    }
                })
            })
        }),
        violation("WAV_STREAM-004", "looks at the start of a sub-format alone", || {
            mishearing(|op| {
                described(op, |fmt| {
                    if let Some(sub_format) = fmt.get_mut(26..40) {
                        sub_format.copy_from_slice(&PCM_SUB_FORMAT[2..]);
                    }
                })
            })
        }),
        violation("WAV_STREAM-005", "does not know the extensible tag", || {
            mishearing(|op| {
                described(op, |fmt| {
                    if number(fmt[0], fmt[1]) == WAV_STREAM_TAG_EXTENSIBLE {
                        fmt[..2].fill(0xff);
                    }
                })
            })
        }),
        violation("WAV_STREAM-013", "calls too many chunks malformed", || {
            telling(|(), op, obs| instead(op, obs, E::OversizedInput, Obs::Rejected(E::MalformedMedia)))
        }),
        violation("WAV_STREAM-013", "waits for a decoder of more channels", || {
            telling(|(), op, obs| instead(op, obs, E::UnsupportedMedia, Obs::NeedInput))
        }),
    ]
}

fn of_samples() -> Vec<Violation<WavStream>> {
    vec![
        violation("WAV_STREAM-006", "gives the high byte first", || {
            telling(|(), _, obs| turned(obs, |samples| samples.iter_mut().for_each(|sample| *sample = sample.swap_bytes())))
        }),
        violation("WAV_STREAM-006", "gives the lowest bits of longer samples", || {
            mishearing(|op| resampled(op, &[3, 4], |sample| sample.rotate_right(1)))
        }),
        violation("WAV_STREAM-006", "rounds samples of 24 bits", || {
            mishearing(|op| {
                resampled(op, &[3], |sample| {
                    let upper = i16::from_le_bytes([sample[1], sample[2]]).saturating_add(i16::from(sample[0] >> 7));
                    sample[1..].copy_from_slice(&upper.to_le_bytes());
                })
            })
        }),
        violation("WAV_STREAM-006", "gives channels one after the other", || {
            telling(|(), _, obs| turned(obs, |samples| samples.reverse()))
        }),
        violation("WAV_STREAM-007", "takes samples of 8 bits for signed ones", || {
            mishearing(|op| resampled(op, &[1], |sample| sample[0] ^= 0x80))
        }),
        violation("WAV_STREAM-007", "takes 127 for silence", || {
            mishearing(|op| resampled(op, &[1], |sample| sample[0] = sample[0].saturating_add(1)))
        }),
        violation("WAV_STREAM-009", "counts packets from 1", || {
            telling(|(), _, obs| match obs {
                Obs::Pcm { packet, samples } => Obs::Pcm { packet: packet + 1, samples },
                obs => obs,
            })
        }),
        violation("WAV_STREAM-009", "gives whole packets alone", || {
            // What is told as it is has less than a packet's frames.
            meddling::<WavStream, ()>(|inner, (), op| match inner.step(op)? {
                Obs::Pcm { samples: Pixels::Bytes(Blob(bytes)), .. } if bytes.len() < WAV_STREAM_PACKET_FRAMES as usize => inner.step(op),
                obs => Ok(obs),
            })
        }),
        violation("WAV_STREAM-012", "drops the part of a frame without a word", || {
            tampered::<WavStream, u32>(|packets, op, obs| {
                match (op, &obs) {
                    (Op::Rewind, Obs::Done) => *packets = 0,
                    (_, Obs::Pcm { packet, .. }) => *packets = packet + 1,
                    _ => {}
                }
                instead(op, obs, E::Misaligned, Obs::Ended { frames: *packets, plays: 1 })
            })
        }),
        violation("WAV_STREAM-012", "rejects the frames before a part of one", || {
            meddling::<WavStream, Vec<u8>>(|inner, stream, op| {
                fed(stream, op);
                let partial = |stream: &[u8]| data_is(stream, |data, frame| data.is_whole() && data.content.len() % frame != 0);
                match inner.step(op)? {
                    Obs::Pcm { .. } if partial(stream) => Ok(Obs::Rejected(E::Misaligned)),
                    obs => Ok(obs),
                }
            })
        }),
        violation("WAV_STREAM-011", "loses what came of data that were cut", || {
            meddling::<WavStream, Vec<u8>>(|inner, stream, op| {
                fed(stream, op);
                let short = |bytes: &[u8]| bytes.len() < WAV_STREAM_PACKET_FRAMES as usize;
                match inner.step(op)? {
                    Obs::Pcm { samples: Pixels::Bytes(Blob(bytes)), .. }
                        if short(&bytes) && data_is(stream, |data, _| !data.is_whole()) =>
                    {
                        Ok(Obs::Rejected(E::TruncatedMedia))
                    }
                    obs => Ok(obs),
                }
            })
        }),
    ]
}

fn of_chunks() -> Vec<Violation<WavStream>> {
    vec![
        violation("WAV_STREAM-008", "does not know of padding", || {
            mishearing(|op| {
                patched(op, |stream| {
                    // A byte in front of the padding makes that the next chunk's first byte.
                    let odd = chunks(stream).into_iter().find(|chunk| chunk.claimed % 2 == 1 && chunk.is_whole() && chunk.name != *b"data");
                    if let Some(chunk) = odd {
                        stream.insert(chunk.content.end, 0);
                    }
                })
            })
        }),
        violation("WAV_STREAM-008", "knows no other chunks", || {
            mishearing(|op| {
                patched(op, |stream| {
                    let other = chunks(stream).into_iter().find(|chunk| !matches!(&chunk.name, b"fmt " | b"data"));
                    if let Some(chunk) = other {
                        stream[chunk.at..chunk.at + 4].copy_from_slice(b"fmt ");
                    }
                })
            })
        }),
        violation("WAV_STREAM-010", "takes the first of two fmt chunks", || {
            mishearing(|op| {
                patched(op, |stream| {
                    for chunk in chunks(stream).iter().filter(|chunk| chunk.name == *b"fmt ").skip(1) {
                        stream[chunk.at..chunk.at + 4].copy_from_slice(b"JUNK");
                    }
                })
            })
        }),
        violation("WAV_STREAM-010", "looks for a fmt chunk behind the data", || {
            telling(|(), op, obs| instead(op, obs, E::MalformedMedia, Obs::Rejected(E::TruncatedMedia)))
        }),
        violation("WAV_STREAM-010", "wants nothing behind the data", || {
            meddling::<WavStream, Vec<u8>>(|inner, stream, op| {
                fed(stream, op);
                let behind = |stream: &[u8]| data_is(stream, |data, _| stream.len() > data.content.end + 1);
                match inner.step(op)? {
                    Obs::Ended { .. } if behind(stream) => Ok(Obs::Rejected(E::MalformedMedia)),
                    obs => Ok(obs),
                }
            })
        }),
    ]
}
