//! Streams that are right.

use super::{FULL, QUARTERS, colour, grey, picture, stream, wave};
use crate::suite::GoldenCase;
use spec::mjpeg::{Body, Coding, Jpeg, Mjpeg, Part, Scan, Segment};

fn with(mut jpeg: Jpeg, change: impl FnOnce(&mut Jpeg)) -> Jpeg {
    change(&mut jpeg);
    jpeg
}

fn adobe(transform: u8) -> Segment {
    Segment::Marked(0xee, [&b"Adobe\0\x64\0\0\0\0"[..], &[transform]].concat())
}

fn jfif() -> Segment {
    Segment::Marked(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0".to_vec())
}

pub(super) fn of_pictures() -> Vec<GoldenCase<Mjpeg>> {
    let named = |ids: [u8; 3]| {
        let mut jpeg = Jpeg::new(3, 2, &FULL).painted(wave);
        jpeg.planes.iter_mut().zip(ids).for_each(|(plane, id)| plane.id = id);
        jpeg
    };
    vec![
        picture("grey", "One component: blue, green and red are the same, alpha last.", &grey(160)),
        picture("grey_of_any_factors", "The factors of a single component mean nothing.", &Jpeg::new(9, 9, &[(3, 2)]).painted(wave)),
        picture("colour_444", "A chroma sample for each pixel.", &colour(&FULL)),
        picture("colour_422", "A chroma sample for two columns.", &colour(&[(2, 1), (1, 1), (1, 1)])),
        picture("colour_420", "A chroma sample for two columns and two rows.", &colour(&QUARTERS)),
        picture("colour_440", "A chroma sample for two rows.", &colour(&[(1, 2), (1, 1), (1, 1)])),
        picture("colour_411", "A chroma sample for four columns is repeated.", &colour(&[(4, 1), (1, 1), (1, 1)])),
        picture("colour_mixed", "Two components of different sampling.", &colour(&[(2, 2), (2, 1), (1, 2)])),
        picture("luma_is_coarse", "A component is finer than the first one.", &colour(&[(1, 1), (2, 2), (1, 1)])),
        picture("two_columns", "Two columns of chroma are repeated, not filtered.", &Jpeg::new(4, 5, &QUARTERS).painted(wave)),
        picture("three_columns", "Three columns of chroma are filtered.", &Jpeg::new(5, 5, &QUARTERS).painted(wave)),
        picture("one_pixel", "The smallest picture.", &Jpeg::new(1, 1, &QUARTERS).painted(wave)),
        picture("across_units", "Rows at the seams between units see each other.", &Jpeg::new(40, 50, &QUARTERS).painted(wave)),
        picture("rgb_by_adobe", "An Adobe segment says that it is RGB.", &with(named([1, 2, 3]), |jpeg| jpeg.before.push(adobe(0)))),
        picture("ycbcr_by_adobe", "An Adobe segment says that it is YCbCr.", &with(named(*b"RGB"), |jpeg| jpeg.before.push(adobe(1)))),
        picture("rgb_by_name", "Components R, G and B are these colours.", &named(*b"RGB")),
        picture(
            "ycbcr_by_jfif",
            "A JFIF segment comes first, whatever else is said.",
            &with(named(*b"RGB"), |jpeg| {
                jpeg.before = vec![adobe(0), jfif()];
            }),
        ),
        picture(
            "steps",
            "Each coefficient has its own step, in eight bits and in sixteen.",
            &with(colour(&FULL), |jpeg| {
                for steps in &mut jpeg.steps {
                    steps.steps.iter_mut().zip(1..).for_each(|(step, number)| *step = number);
                }
                jpeg.steps[1].wide = true;
                jpeg.steps[1].steps[2] = 700;
            }),
        ),
        picture(
            "steps_beyond_sixteen_bits",
            "Of a product sixteen bits are kept.",
            &with(Jpeg::new(8, 8, &[(1, 1)]).painted(wave), |jpeg| {
                jpeg.steps[0].wide = true;
                jpeg.steps[0].steps = [65_535; 64];
                jpeg.steps[0].steps[1] = 1_500;
            }),
        ),
        picture(
            "extremes",
            "The largest coefficients, in a chequered order.",
            &Jpeg::new(16, 8, &[(1, 1)]).painted(|_, _, place| if place % 2 == 0 { 1_023 } else { -1_023 }),
        ),
    ]
}

/// Progressive scans of a colour picture: DC in two steps, luma's AC in two bands and two steps, chroma's AC in one.
fn script() -> Vec<Scan> {
    vec![
        Scan::progressive(&[0, 1, 2], (0, 0), 0, 1),
        Scan::progressive(&[0], (1, 5), 0, 2),
        Scan::progressive(&[2], (1, 63), 0, 1),
        Scan::progressive(&[1], (1, 63), 0, 0),
        Scan::progressive(&[0], (6, 63), 0, 2),
        Scan::progressive(&[0], (1, 5), 2, 1),
        Scan::progressive(&[0], (6, 63), 2, 1),
        Scan::progressive(&[0, 1, 2], (0, 0), 1, 0),
        Scan::progressive(&[2], (1, 63), 1, 0),
        Scan::progressive(&[0], (1, 5), 1, 0),
        Scan::progressive(&[0], (6, 63), 1, 0),
    ]
}

pub(super) fn of_scans() -> Vec<GoldenCase<Mjpeg>> {
    let progressive = |change: fn(&mut Jpeg)| {
        with(colour(&QUARTERS), |jpeg| {
            (jpeg.kind, jpeg.scans) = (0xc2, script());
            change(jpeg);
        })
    };
    let coded = |coding| {
        with(colour(&FULL), |jpeg| {
            jpeg.scans[0].coding = coding;
        })
    };
    vec![
        picture("codes_of_16_bits", "Codes of every length.", &coded(Coding::Deep)),
        picture("codes_for_everything", "Tables of every symbol.", &coded(Coding::Every)),
        picture("extended", "An extended sequential frame of eight bits is as good.", &with(colour(&FULL), |jpeg| jpeg.kind = 0xc1)),
        picture(
            "scan_by_scan",
            "A scan for each component, whose blocks are its own.",
            &with(colour(&QUARTERS), |jpeg| {
                jpeg.scans = vec![Scan::sequential(&[0]), Scan::sequential(&[1, 2])];
            }),
        ),
        picture(
            "last_component_first",
            "Components' scans in any order.",
            &with(colour(&QUARTERS), |jpeg| {
                jpeg.scans = vec![Scan::sequential(&[2]), Scan::sequential(&[0]), Scan::sequential(&[1])];
            }),
        ),
        picture(
            "bands_of_sequential_scans",
            "Band and bits of a sequential scan are not looked at.",
            &with(colour(&FULL), |jpeg| {
                let scan = &mut jpeg.scans[0];
                (scan.first, scan.last, scan.high, scan.low) = (5, 0, 3, 9);
            }),
        ),
        picture("progressive", "Every kind of progressive scan.", &progressive(|_| {})),
        picture(
            "progressive_in_short_runs",
            "Bands that end in each block.",
            &progressive(|jpeg| {
                jpeg.scans.iter_mut().for_each(|scan| scan.longest_run = 1);
            }),
        ),
        picture("progressive_with_restarts", "Runs of ended bands end at restarts.", &progressive(|jpeg| jpeg.interval = 2)),
        picture(
            "progressive_deep",
            "Codes of every length in every scan.",
            &progressive(|jpeg| {
                jpeg.scans.iter_mut().for_each(|scan| scan.coding = Coding::Deep);
            }),
        ),
        picture(
            "not_yet_exact",
            "A frame that lacks its last bits and bands is given as it is.",
            &progressive(|jpeg| jpeg.scans.truncate(5)),
        ),
        picture(
            "steps_at_the_first_scan",
            "Steps that are changed between scans are not those of components that have begun.",
            &progressive(|jpeg| {
                jpeg.scans[3].before.push(Segment::Marked(0xdb, [&[0][..], &[9; 64]].concat()));
            }),
        ),
        picture(
            "restarts",
            "Restart markers after each two units, eight in turn.",
            &with(Jpeg::new(160, 9, &[(1, 1)]).painted(wave), |jpeg| {
                jpeg.interval = 2;
            }),
        ),
        picture("restarts_of_colour", "Restart markers after each unit of six blocks.", &with(colour(&QUARTERS), |jpeg| jpeg.interval = 1)),
        picture(
            "longer_interval",
            "An interval that is longer than the picture has no restart.",
            &with(grey(7), |jpeg| jpeg.interval = u16::MAX),
        ),
        picture(
            "no_interval_any_more",
            "Intervals are those that were told last.",
            &with(colour(&FULL), |jpeg| {
                jpeg.scans[0].before.push(Segment::Marked(0xdd, vec![0, 0]));
            }),
        ),
        picture(
            "other_segments",
            "Segments of applications, comments and fill bytes change nothing.",
            &with(grey(70), |jpeg| {
                jpeg.before = vec![Segment::Marked(0xe1, vec![0xff; 5]), Segment::Raw(vec![0xff; 3]), Segment::Marked(0xfe, Vec::new())];
                jpeg.scans[0].before = vec![
                    Segment::Marked(0xe0, b"JFIF".to_vec()),
                    Segment::Marked(0xee, b"Adobe".to_vec()),
                    Segment::Marked(0xcc, vec![0; 2]),
                ];
            }),
        ),
    ]
}

pub(super) fn of_streams() -> Vec<GoldenCase<Mjpeg>> {
    let two = [grey(100).bytes(), grey(-60).bytes()];
    let body = |length| Body::new(&two, length);
    let lined = |lines: &[&[u8]]| {
        let mut body = body(false);
        body.parts[0].lines = lines.iter().map(|line| line.to_vec()).collect();
        body
    };
    vec![
        stream("row", "Two pictures in a row.", &two.concat()),
        stream("row_and_more", "What follows a picture and is none is not looked at.", &[&two[0][..], b"\0", &two[1]].concat()),
        stream("row_and_half_a_start", "One byte behind a picture is not looked at.", &[&two[0][..], &[0xff]].concat()),
        stream("parts", "Two parts that tell their lengths.", &body(true).bytes()),
        stream("parts_without_lengths", "Two parts up to their boundaries.", &body(false).bytes()),
        stream("bare_lines", "Lines that end with LF alone.", &Body { bare: true, ..body(true) }.bytes()),
        stream(
            "no_last_boundary",
            "A stream may end behind a delimiter, as ffmpeg writes it.",
            &Body { last: b"\r\n".to_vec(), ..body(false) }.bytes(),
        ),
        stream("nothing_behind", "A stream may end behind a part that told its length.", &{
            let bytes = body(true).bytes();
            bytes[..bytes.len() - b"\r\n--frame--\r\n".len()].to_vec()
        }),
        stream(
            "behind_the_last_boundary",
            "What follows the last boundary is not looked at.",
            &Body { last: b"--x".to_vec(), ..body(true) }.bytes(),
        ),
        stream("boundary_in_a_part", "What looks like a boundary within a told length is none.", &{
            let inside = [&two[0][..], b"\r\n--frame\r\n"].concat();
            Body::new(&[inside, two[1].clone()], true).bytes()
        }),
        stream("names_in_any_case", "Names and types in any case, spaces around values, parameters.", &{
            lined(&[b"content-TYPE:\t IMAGE/Jpeg ; charset=x", b"X-Other: y:z", b"Unknown:"]).bytes()
        }),
        stream("other_type_name", "The other name of the type.", &lined(&[b"Content-Type:image/jpg"]).bytes()),
        stream("hyphens_in_a_boundary", "A boundary of hyphens is one.", &Body { boundary: b"--".to_vec(), ..body(false) }.bytes()),
        stream("colour_in_parts", "Colour pictures in parts.", &{
            let pictures = [colour(&QUARTERS).bytes(), colour(&FULL).bytes()];
            Body { parts: pictures.iter().map(|picture| Part::new(picture, true)).collect(), ..body(true) }.bytes()
        }),
    ]
}
