//! Wrong pages, and wrong samples.

use super::super::features::mode;
use super::{paged, violation};
use crate::contracts::decoding::wrong;
use crate::contracts::decoding::{mishearing, patched, telling};
use crate::suite::{Violation, meddling};
use spec::ErrorCode as E;
use spec::devices::Blob;
use spec::vorbis::write::{pages, read};
use spec::vorbis::{Obs, Op, Pixels, Vorbis};

pub(super) fn of_pages() -> Vec<Violation<Vorbis>> {
    vec![
        violation("VORBIS-001", "does not look at checksums", || {
            mishearing(|op| paged(op, |pages| pages.iter_mut().for_each(|page| page.right = true)))
        }),
        violation("VORBIS-001", "does not miss a page", || {
            mishearing(|op| {
                paged(op, |pages| {
                    let Some(first) = pages.first().map(|page| (page.serial, page.number)) else { return };
                    let ours = pages.iter_mut().filter(|page| page.serial == first.0);
                    ours.zip(0..).for_each(|(page, number)| page.number = first.1.wrapping_add(number));
                })
            })
        }),
        violation("VORBIS-001", "takes other streams for its own", || {
            mishearing(|op| {
                paged(op, |pages| {
                    let serial = pages.first().map_or(0, |page| page.serial);
                    pages.iter_mut().for_each(|page| page.serial = serial);
                })
            })
        }),
        violation("VORBIS-001", "looks for a page behind garbage", || {
            mishearing(|op| {
                patched(op, |stream| {
                    let (found, rest) = pages(stream);
                    if let Some(gap) = rest.windows(4).position(|four| four == b"OggS").filter(|_| !found.is_empty()) {
                        let start = stream.len() - rest.len();
                        stream.drain(start..start + gap);
                    }
                })
            })
        }),
        violation("VORBIS-002", "tells one channel more", wrong::one_channel_more),
        violation("VORBIS-002", "tells rates in hundreds", wrong::rates_in_hundreds),
        violation("VORBIS-002", "takes any version", || {
            mishearing(|op| {
                paged(op, |pages| {
                    if let Some(version) = pages.first_mut().and_then(|page| page.body.get_mut(7..11)) {
                        version.fill(0);
                    }
                })
            })
        }),
    ]
}

/// Changes samples that are told as they are.
fn resampled(obs: Obs, change: impl FnOnce(&mut Vec<i16>)) -> Obs {
    match obs {
        Obs::Pcm { packet, samples: Pixels::Bytes(Blob(bytes)) } => {
            let mut samples: Vec<i16> = bytes.as_chunks::<2>().0.iter().map(|two| i16::from_le_bytes(*two)).collect();
            change(&mut samples);
            Obs::Pcm { packet, samples: Pixels::Bytes(Blob(samples.iter().flat_map(|sample| sample.to_le_bytes()).collect())) }
        }
        obs => obs,
    }
}

pub(super) fn of_samples() -> Vec<Violation<Vorbis>> {
    vec![
        violation("VORBIS-010", "turns the transform's sign", || {
            telling(|(), _, obs| resampled(obs, |samples| samples.iter_mut().for_each(|sample| *sample = sample.saturating_neg())))
        }),
        violation("VORBIS-010", "gives a packet's samples backwards", || telling(|(), _, obs| resampled(obs, |samples| samples.reverse()))),
        violation("VORBIS-011", "never gives the lowest sample", || {
            telling(|(), _, obs| resampled(obs, |samples| samples.iter_mut().for_each(|sample| *sample = (*sample).max(-i16::MAX))))
        }),
        violation("VORBIS-011", "gives the high byte first", || {
            telling(|(), _, obs| resampled(obs, |samples| samples.iter_mut().for_each(|sample| *sample = sample.swap_bytes())))
        }),
        violation("VORBIS-011", "rounds away the lowest bit", || {
            telling(|(), _, obs| resampled(obs, |samples| samples.iter_mut().for_each(|sample| *sample &= !1)))
        }),
        violation("VORBIS-012", "fails at a packet that is no audio", || {
            meddling::<Vorbis, Vec<u8>>(|inner, stream, op| {
                if let Op::Feed(Blob(bytes)) = op {
                    stream.extend(bytes);
                }
                let silent = || read(stream).is_some_and(|read| read.audio.iter().any(|packet| mode(&read.setup, packet).is_none()));
                match inner.step(op)? {
                    Obs::Pcm { .. } if silent() => Ok(Obs::Rejected(E::MalformedMedia)),
                    obs => Ok(obs),
                }
            })
        }),
        violation("VORBIS-013", "gives what lies behind the end", || {
            mishearing(|op| paged(op, |pages| pages.iter_mut().filter(|page| page.flags & 4 == 4).for_each(|page| page.granule = -1)))
        }),
        violation("VORBIS-013", "gives what lies before the start", || {
            mishearing(|op| {
                paged(op, |pages| {
                    if let Some(page) = pages.iter_mut().find(|page| page.granule > 0 && page.flags & 4 == 0) {
                        page.granule = -1;
                    }
                })
            })
        }),
    ]
}
