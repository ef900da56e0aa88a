//! Why an outside decoder may say something else, and which side the format's specification supports.

use super::outside::{Ending, Gap};
use serde::Serialize;
use spec::ErrorCode;
use spec::gif::{PartKind, parts};
use spec::media_types::CodecId;
use spec::mjpeg::{FoundKind, find};
use spec::vorbis::write::{Floor, Mapping, Read, read};

/// Which side a specification supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// This project's contract.
    Ours,
    /// The outside decoder.
    Outside,
    /// Both: it leaves the point open.
    Either,
    /// It is not known which.
    Unknown,
}

impl Side {
    /// Its name, as JSON has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Outside => "outside",
            Self::Either => "either",
            Self::Unknown => "unknown",
        }
    }
}

/// A known class of differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Class {
    /// Its stable name.
    pub name: &'static str,
    /// Which side the format's specification supports.
    pub supports: Side,
    /// Why.
    pub reason: &'static str,
}

/// What is known of no class: somebody should look.
pub const UNEXPLAINED: Class = Class { name: "unexplained", supports: Side::Unknown, reason: "unexplained" };

const BACKGROUND: Class = Class {
    name: "gif_background",
    supports: Side::Either,
    reason: "GIF background and disposal convention: where nothing was drawn GIF89a names a background colour, and browsers show nothing (GIF-D1, GIF-D5)",
};
const SIXTEEN_BITS: Class = Class {
    name: "png_16_bits",
    supports: Side::Ours,
    reason: "16 bits become 8 by cutting, or by way of other colours: PNG (sample depth rescaling) asks for the nearest value, which APNG-D4 gives; within 2 of 255",
};
const ADLER: Class = Class {
    name: "png_adler_32",
    supports: Side::Outside,
    reason: "the Adler-32 behind the zlib data is wrong: RFC 1950 asks for an error, and the outside decoder gives nothing; here what follows the last filtered byte is not looked at, since each chunk has a CRC (APNG-D8)",
};
const ORDER: Class = Class {
    name: "png_ancillary_order",
    supports: Side::Either,
    reason: "an ancillary chunk stands behind the pixels that it has to come before: PNG lets a decoder leave such a chunk out, as is done here, or give up, as the outside decoder does",
};
const BLENDING: Class = Class {
    name: "apng_blending",
    supports: Side::Ours,
    reason: "blending of translucent pixels is rounded otherwise: the APNG formula, rounded once, is that of APNG-D5; within 2 of 255",
};
const TRANSPARENCY: Class = Class {
    name: "png_transparency",
    supports: Side::Ours,
    reason: "the outside decoder leaves out transparency: PNG (tRNS) makes pixels of that grey or colour transparent at every depth (APNG-D4)",
};
const FORMS: Class = Class {
    name: "apng_forms",
    supports: Side::Ours,
    reason: "the outside decoder gives up: it blends frames of colour and alpha of 8 bits alone, and APNG has every form (APNG-D5)",
};
const STRUCTURE: Class = Class {
    name: "apng_structure",
    supports: Side::Ours,
    reason: "the animation's chunks break the APNG specification (order, number of frames, sequence numbers), which asks for an error (APNG-D3)",
};
const SCREEN: Class = Class {
    name: "gif_screen",
    supports: Side::Ours,
    reason: "an image reaches beyond the screen: GIF89a says that it must fit, and the outside decoder cuts it (GIF-D2)",
};
const CODE_SIZE: Class = Class {
    name: "gif_code_size",
    supports: Side::Ours,
    reason: "an LZW code size is not one of 2 to 8: GIF89a (appendix F) begins at 2 also where a pixel has one bit, and no pixel has more than 8 (GIF-D3)",
};
const JUNK: Class = Class {
    name: "jpeg_junk",
    supports: Side::Ours,
    reason: "there are bytes between segments: ITU T.81 allows none, libjpeg warns of them and passes them over, as the outside decoder does (MJPEG-D3)",
};
const COLOUR: Class = Class {
    name: "colour_management",
    supports: Side::Either,
    reason: "the file names a gamma, a profile or chromaticities, which this project ignores (MEDIA_TYPES-D2): colours alone differ, no alpha",
};
const JPEG: Class = Class {
    name: "jpeg_arithmetic",
    supports: Side::Either,
    reason: "JPEG inverse transform, upsampling and conversion of colours: ITU T.81 leaves their rounding and filters open; the bytes here are libjpeg-turbo's (MJPEG-D6 to MJPEG-D8)",
};
const VORBIS: Class = Class {
    name: "vorbis_rounding",
    supports: Side::Either,
    reason: "Vorbis float rounding within 1 of 32,768: the specification leaves the precision of a decoder open (VORBIS-D1, VORBIS-D2)",
};
const FLOOR_END: Class = Class {
    name: "vorbis_floor_end",
    supports: Side::Ours,
    reason: "a floor's last point lies before the end of its residue: the Vorbis specification (7.2.4) draws the floor on at that height, and the outside decoder leaves out what lies behind (VORBIS-006)",
};
const TRIMMING: Class = Class {
    name: "vorbis_trimming",
    supports: Side::Ours,
    reason: "Vorbis lengths: the specification (A.2) trims start and end by the pages' positions, which VORBIS-D9 does; what both give is the same within 1",
};
const PARTS: Class = Class {
    name: "multipart_framing",
    supports: Side::Either,
    reason: "multipart bodies: RFC 2046 says nothing of motion JPEG, and the outside reader leaves out a last part that no boundary follows (MJPEG-D2)",
};
const CHECKSUM: Class = Class {
    name: "checksum",
    supports: Side::Ours,
    reason: "a checksum is wrong: PNG and Ogg say that such data are damaged, and the outside decoder does not look at it or shows the rest (APNG-D1, VORBIS-D3)",
};
const BOUND: Class = Class {
    name: "bound",
    supports: Side::Outside,
    reason: "the stream is beyond a bound of the contract, which its format does not have",
};
const CONCEALED: Class = Class {
    name: "concealed",
    supports: Side::Ours,
    reason: "the stream is cut or its data are broken: the outside decoder fills in what is missing, and this one ends with an error behind the last whole frame",
};
const KIND: Class = Class {
    name: "kind",
    supports: Side::Outside,
    reason: "the format allows this kind of stream, and the contract leaves it out (MJPEG-D3, VORBIS-D4)",
};

/// Every known class, for documentation.
pub const KNOWN: [Class; 21] = [
    BACKGROUND,
    SIXTEEN_BITS,
    BLENDING,
    TRANSPARENCY,
    ADLER,
    ORDER,
    FORMS,
    STRUCTURE,
    SCREEN,
    CODE_SIZE,
    JUNK,
    COLOUR,
    JPEG,
    VORBIS,
    FLOOR_END,
    TRIMMING,
    PARTS,
    CHECKSUM,
    BOUND,
    CONCEALED,
    KIND,
];

/// Filtered bytes of a picture that are looked at for their check.
const INFLATED_MAX: usize = 1 << 28;

/// The class of a difference: of what is shown first, then of how much there is.
pub fn classify(codec: CodecId, stream: &[u8], gap: &Gap) -> Class {
    if gap.ending == Ending::TimedOut {
        return UNEXPLAINED;
    }
    if codec == CodecId::Apng && gap.rejected == Some(ErrorCode::MalformedMedia) && is_animated(stream) {
        // What there is of an animation whose chunks are wrong is anybody's guess.
        return STRUCTURE;
    }
    let of_packets = (gap.differing > 0).then(|| of_packets(codec, stream, gap));
    let of_length = (gap.missing > 0 || gap.extra > 0).then(|| of_length(codec, stream, gap));
    match (of_packets, of_length) {
        (Some(UNEXPLAINED), _) | (_, Some(UNEXPLAINED)) | (None, None) => UNEXPLAINED,
        (_, Some(class)) | (Some(class), None) => class,
    }
}

fn of_packets(codec: CodecId, stream: &[u8], gap: &Gap) -> Class {
    match codec {
        CodecId::Gif if gap.shown == 0 => BACKGROUND,
        CodecId::Apng => of_png(stream, gap),
        // Upsampling and clipping move single pixels far, and the whole picture hardly.
        CodecId::Mjpeg if gap.largest_alpha == 0 && gap.mean() <= jpeg_mean_max(stream) => JPEG,
        CodecId::Vorbis if gap.largest <= 1 => VORBIS,
        CodecId::Vorbis if has_a_short_floor(stream) => FLOOR_END,
        _ => UNEXPLAINED,
    }
}

/// The largest mean difference that arithmetic alone makes, of 255: what is repeated and what is interpolated are further apart where a
/// sample stands for more than two columns or rows.
fn jpeg_mean_max(stream: &[u8]) -> f64 {
    let headers = find(stream).into_iter().filter(|part| matches!(part.kind, FoundKind::Segment(0xc0..=0xc2)));
    let coarse = headers.map(|part| &stream[part.bytes]).any(|header| {
        let (components, _) = header.get(10..).unwrap_or_default().as_chunks::<3>();
        let side = |shift: u8| components.iter().map(move |component| component[1] >> shift & 15);
        [0, 4].into_iter().any(|shift| side(shift).max() > side(shift).min().map(|least| 2 * least))
    });
    if coarse { 8.0 } else { 3.0 }
}

/// Whether a residue goes on behind the last point of its floor.
fn has_a_short_floor(stream: &[u8]) -> bool {
    let Some(Read { setup, .. }) = read(stream) else { return false };
    let is_short = |mapping: &Mapping, submap: usize, (floor, residue): (u8, u8)| {
        let (Some(Floor::Points { range_bits, .. }), Some(residue)) =
            (setup.floors.get(usize::from(floor)), setup.residues.get(usize::from(residue)))
        else {
            return false;
        };
        // Type 2 has the coefficients of all channels of the submap in turn.
        let channels = if residue.kind == 2 { mapping.mux.iter().filter(|mux| usize::from(**mux) == submap).count() as u64 } else { 1 };
        let end = u64::from(residue.end).min(channels << (setup.blocks[1] - 1));
        end > channels << range_bits
    };
    setup.mappings.iter().any(|mapping| mapping.submaps.iter().enumerate().any(|(submap, parts)| is_short(mapping, submap, *parts)))
}

fn of_png(stream: &[u8], gap: &Gap) -> Class {
    let chunks = spec::apng::chunks(stream);
    let has = |names: &[&[u8; 4]]| chunks.iter().any(|chunk| names.iter().any(|name| chunk.name == **name));
    let deep = chunks.first().is_some_and(|header| header.bytes.get(8) == Some(&16));
    if deep && gap.largest <= 2 && gap.largest_alpha <= 2 {
        SIXTEEN_BITS
    } else if has(&[b"tRNS"]) && gap.largest == 0 && gap.shown == 0 {
        TRANSPARENCY
    } else if has(&[b"fcTL"]) && gap.translucent == gap.differing && gap.largest <= 2 && gap.largest_alpha <= 2 {
        BLENDING
    } else if has(&[b"gAMA", b"iCCP", b"cHRM", b"cICP"]) && gap.largest_alpha == 0 {
        COLOUR
    } else {
        UNEXPLAINED
    }
}

fn is_animated(stream: &[u8]) -> bool {
    spec::apng::chunks(stream).iter().any(|chunk| chunk.name == *b"acTL")
}

/// Whether a picture is of another form than colour and alpha of 8 bits.
fn is_of_another_form(stream: &[u8]) -> bool {
    spec::apng::chunks(stream).first().is_some_and(|header| header.bytes.get(8..10).is_some_and(|form| *form != [8, 6]))
}

/// Whether an image reaches beyond the screen.
fn is_beyond_the_screen(stream: &[u8]) -> bool {
    let number = |bytes: &[u8], at: usize| u32::from(bytes[at]) + 256 * u32::from(bytes[at + 1]);
    parts(stream)
        .iter()
        .filter(|part| part.kind == PartKind::Place)
        .map(|part| &stream[part.bytes.clone()])
        .any(|place| number(place, 1) + number(place, 5) > number(stream, 6) || number(place, 3) + number(place, 7) > number(stream, 8))
}

/// Whether an image's code size is none that GIF has.
fn has_another_code_size(stream: &[u8]) -> bool {
    parts(stream).iter().any(|part| part.kind == PartKind::Data && !(2..=8).contains(&stream[part.bytes.start]))
}

/// Why the outside decoder may give nothing of a PNG file.
fn of_nothing(stream: &[u8]) -> Class {
    let chunks = spec::apng::chunks(stream);
    let behind = chunks.iter().skip_while(|chunk| chunk.name != *b"IDAT");
    let before_pixels = [b"bKGD", b"cHRM", b"cICP", b"gAMA", b"hIST", b"iCCP", b"pHYs", b"sBIT", b"sPLT", b"sRGB"];
    if behind.clone().any(|chunk| before_pixels.contains(&&chunk.name)) {
        return ORDER;
    }
    let data: Vec<u8> = behind.filter(|chunk| chunk.name == *b"IDAT").flat_map(|chunk| chunk.bytes.iter().copied()).collect();
    match miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(&data, INFLATED_MAX) {
        Err(error) if error.status == miniz_oxide::inflate::TINFLStatus::Adler32Mismatch => ADLER,
        _ => UNEXPLAINED,
    }
}

/// Whether something else than a segment stands before the first scan of a picture.
fn has_junk(stream: &[u8]) -> bool {
    let mut at = 2;
    while let Some(&[first, marker, high, low]) = stream.get(at..at + 4) {
        match (first, marker) {
            (0xff, 0xff) => at += 1,
            (0xff, 0xda) => return false,
            (0xff, 0x01..) => at += 2 + usize::from(u16::from_be_bytes([high, low])),
            _ => return true,
        }
    }
    false
}

fn of_length(codec: CodecId, stream: &[u8], gap: &Gap) -> Class {
    use ErrorCode as E;
    match gap.rejected {
        None if codec == CodecId::Vorbis && gap.packets > 0 && gap.compared > 0 => TRIMMING,
        None if codec == CodecId::Mjpeg && stream.starts_with(b"--") && gap.extra == 0 => PARTS,
        None if codec == CodecId::Apng && gap.extra == 0 && gap.compared > 0 && is_animated(stream) && is_of_another_form(stream) => FORMS,
        None if codec == CodecId::Apng && gap.compared == 0 && gap.ending == Ending::Failed => of_nothing(stream),
        None => UNEXPLAINED,
        // What comes before a rejection is shown by both.
        Some(_) if gap.missing > 0 => UNEXPLAINED,
        Some(E::MalformedMedia) if codec == CodecId::Gif && is_beyond_the_screen(stream) => SCREEN,
        Some(E::MalformedMedia) if codec == CodecId::Gif && has_another_code_size(stream) => CODE_SIZE,
        Some(E::MalformedMedia) if codec == CodecId::Mjpeg && stream.starts_with(&[0xff, 0xd8]) && has_junk(stream) => JUNK,
        Some(E::CorruptChecksum) => CHECKSUM,
        Some(E::TruncatedMedia | E::CorruptPixels) => CONCEALED,
        Some(E::UnsupportedMedia) => KIND,
        Some(
            E::OversizedInput
            | E::PictureTooLarge
            | E::TooManyFrames
            | E::DecodedTooLarge
            | E::ExpansionTooLarge
            | E::DecodeMemoryExceeded
            | E::TooManyScans
            | E::TooManyRestarts
            | E::PartHeaderTooLarge,
        ) => BOUND,
        Some(_) => UNEXPLAINED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spec::apng::{Chunk, Coding, Form};
    use spec::vorbis::write::{Drawn, Setup};

    fn gap() -> Gap {
        Gap { packets: 1, compared: 300, differing: 3, shown: 3, translucent: 3, largest: 1, sum: 3, ..Gap::default() }
    }

    fn png(depth: u8, more: &[&[u8; 4]]) -> Vec<u8> {
        let form = Form { width: 1, height: 1, depth, color: 2, interlaced: false };
        let mut chunks = vec![form.header()];
        chunks.extend(more.iter().map(|name| Chunk::new(name, vec![0; 4])));
        spec::apng::bytes(&chunks)
    }

    #[test]
    fn each_class_is_met_and_has_its_limit() {
        let of = |codec, stream: &[u8], gap: Gap| classify(codec, stream, &gap).name;
        let none = UNEXPLAINED.name;
        assert_eq!(of(CodecId::Gif, b"", Gap { shown: 0, ..gap() }), "gif_background");
        assert_eq!(of(CodecId::Gif, b"", gap()), none, "what is shown differs");
        assert_eq!(of(CodecId::Apng, &png(16, &[]), gap()), "png_16_bits");
        assert_eq!(of(CodecId::Apng, &png(16, &[]), Gap { largest: 3, ..gap() }), none);
        let hidden = || Gap { largest: 0, shown: 0, ..gap() };
        assert_eq!(of(CodecId::Apng, &png(8, &[b"tRNS"]), hidden()), "png_transparency");
        assert_eq!(of(CodecId::Apng, &png(8, &[]), hidden()), none);
        assert_eq!(of(CodecId::Apng, &png(8, &[b"tRNS"]), gap()), none);
        let fewer = || Gap { missing: 8, differing: 0, ..gap() };
        assert_eq!(of(CodecId::Apng, &png(8, &[b"acTL"]), fewer()), "apng_forms");
        assert_eq!(of(CodecId::Apng, &png(8, &[]), fewer()), none);
        assert_eq!(of(CodecId::Apng, &png(8, &[]), gap()), none);
        assert_eq!(of(CodecId::Apng, &png(8, &[b"fcTL"]), Gap { largest: 2, ..gap() }), "apng_blending");
        assert_eq!(of(CodecId::Apng, &png(8, &[b"fcTL"]), Gap { translucent: 2, ..gap() }), none);
        assert_eq!(of(CodecId::Apng, &png(8, &[b"gAMA"]), Gap { largest: 90, ..gap() }), "colour_management");
        assert_eq!(of(CodecId::Apng, &png(8, &[b"gAMA"]), Gap { largest_alpha: 1, ..gap() }), none);
        assert_eq!(of(CodecId::Mjpeg, b"", Gap { sum: 900, largest: 80, ..gap() }), "jpeg_arithmetic");
        assert_eq!(of(CodecId::Mjpeg, b"", Gap { sum: 901, ..gap() }), none);
        let jpeg = |luma| spec::mjpeg::Jpeg::new(8, 8, &[luma, (1, 1), (1, 1)]).bytes();
        assert_eq!(of(CodecId::Mjpeg, &jpeg((4, 1)), Gap { sum: 2_400, ..gap() }), "jpeg_arithmetic");
        assert_eq!(of(CodecId::Mjpeg, &jpeg((1, 4)), Gap { sum: 2_401, ..gap() }), none);
        assert_eq!(of(CodecId::Mjpeg, &jpeg((2, 2)), Gap { sum: 901, ..gap() }), none);
        assert_eq!(of(CodecId::Vorbis, b"", gap()), "vorbis_rounding");
        assert_eq!(of(CodecId::Vorbis, b"", Gap { largest: 2, ..gap() }), none);
        let floor = |bits: u32, kind: u8| {
            let mut setup = Setup::plain(2);
            setup.residues[0].kind = kind;
            if let Floor::Points { range_bits, places, .. } = &mut setup.floors[0] {
                (*range_bits, *places) = (bits, vec![4, 9, 17, 20]);
            }
            Drawn::of(setup, &[1, 1], 3).file()
        };
        for (bits, kind, name) in [(5, 1, "vorbis_floor_end"), (6, 1, none), (5, 2, none)] {
            assert_eq!(of(CodecId::Vorbis, &floor(bits, kind), Gap { largest: 2, ..gap() }), name, "{bits} {kind}");
        }
        assert_eq!(of(CodecId::Vorbis, b"", Gap { missing: 8, ..gap() }), "vorbis_trimming");
        assert_eq!(of(CodecId::Vorbis, b"", Gap { missing: 8, largest: 2, ..gap() }), none);
        assert_eq!(of(CodecId::Mjpeg, b"--x", Gap { missing: 8, differing: 0, ..gap() }), "multipart_framing");
        assert_eq!(of(CodecId::Mjpeg, b"\xff\xd8", Gap { missing: 8, differing: 0, ..gap() }), none);
        let rejected = |code| Gap { rejected: Some(code), extra: 4, differing: 0, ..gap() };
        for (code, name) in [
            (ErrorCode::CorruptChecksum, "checksum"),
            (ErrorCode::TruncatedMedia, "concealed"),
            (ErrorCode::UnsupportedMedia, "kind"),
            (ErrorCode::PictureTooLarge, "bound"),
            (ErrorCode::MalformedMedia, none),
        ] {
            assert_eq!(of(CodecId::Gif, b"", rejected(code)), name);
        }
        let malformed = || rejected(ErrorCode::MalformedMedia);
        assert_eq!(of(CodecId::Apng, &png(8, &[b"acTL"]), malformed()), "apng_structure");
        assert_eq!(of(CodecId::Apng, &png(8, &[]), malformed()), none);
        let image = |left| spec::gif::Animation::new(2, 2, &[[0; 3]; 2]).with(spec::gif::Image::new(2, 2, 2, &[0; 4]).at(left, 0)).bytes();
        assert_eq!((of(CodecId::Gif, &image(1), malformed()), of(CodecId::Gif, &image(0), malformed())), ("gif_screen", none));
        let sized = |size| {
            spec::gif::Animation::new(2, 2, &[[0; 3]; 2])
                .with(spec::gif::Image { code_size: size, ..spec::gif::Image::new(2, 2, 2, &[0; 4]) })
                .bytes()
        };
        assert_eq!((of(CodecId::Gif, &sized(1), malformed()), of(CodecId::Gif, &sized(8), malformed())), ("gif_code_size", none));
        let pixels = |spoilt: u8| {
            let mut data = spec::apng::zlib(&[0; 4], Coding::Fixed);
            *data.last_mut().expect("a check") ^= spoilt;
            Chunk::new(b"IDAT", data)
        };
        let given_up = |chunks: &[Chunk]| {
            of(CodecId::Apng, &spec::apng::bytes(chunks), Gap { missing: 4, compared: 0, differing: 0, ending: Ending::Failed, ..gap() })
        };
        let header = Form { width: 1, height: 1, depth: 8, color: 2, interlaced: false }.header();
        assert_eq!(given_up(&[header.clone(), pixels(1), Chunk::end()]), "png_adler_32");
        assert_eq!(given_up(&[header.clone(), pixels(0), Chunk::end()]), none);
        let size = || Chunk::new(b"pHYs", vec![0; 9]);
        assert_eq!(given_up(&[header.clone(), pixels(0), size(), Chunk::end()]), "png_ancillary_order");
        assert_eq!(given_up(&[header, size(), pixels(0), Chunk::end()]), none);
        let (junk, plain) = (b"\xff\xd8\xff\xe1\0\x02\0\xff\xda\0", b"\xff\xd8\xff\xff\xe1\0\x02\xff\xda\0\0");
        assert_eq!((of(CodecId::Mjpeg, junk, malformed()), of(CodecId::Mjpeg, plain, malformed())), ("jpeg_junk", none));
        assert_eq!(of(CodecId::Gif, b"", Gap { ending: Ending::TimedOut, ..rejected(ErrorCode::TruncatedMedia) }), none);
    }

    #[test]
    fn the_page_names_every_class() {
        let page = std::fs::read_to_string(crate::repository_root().join("conformance/CORPUS.md")).expect("the page");
        for class in KNOWN.into_iter().chain([UNEXPLAINED]) {
            let row = format!("| `{}` | {} | ", class.name, class.supports.name());
            assert!(page.contains(&row), "conformance/CORPUS.md has no row that begins with {row}");
        }
    }
}
