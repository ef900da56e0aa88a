//! Streams that are not as their format has them.

use super::{FULL, QUARTERS, colour, grey, picture, stream};
use crate::contracts::decoding::goldens::golden;
use crate::suite::GoldenCase;
use spec::decode::{Limits, whole};
use spec::mjpeg::{Body, Coding, Jpeg, Mjpeg, Restarts, Scan, Segment, Table};

type Change = fn(&mut Jpeg);

fn changed(name: &'static str, doc: &'static str, change: Change) -> GoldenCase<Mjpeg> {
    let mut jpeg = colour(&FULL);
    change(&mut jpeg);
    picture(name, doc, &jpeg)
}

fn before(name: &'static str, doc: &'static str, segment: Segment) -> GoldenCase<Mjpeg> {
    let mut jpeg = grey(1);
    jpeg.before.push(segment);
    picture(name, doc, &jpeg)
}

pub(super) fn of_segments() -> Vec<GoldenCase<Mjpeg>> {
    let raw = |bytes: &[u8]| Segment::Raw(bytes.to_vec());
    let table = |counts: &[u8], symbols: &[u8], class, number| {
        let mut all = [0; 16];
        all[..counts.len()].copy_from_slice(counts);
        Segment::Marked(0xc4, Table { counts: all, symbols: symbols.to_vec() }.content(class, number))
    };
    let steps = |bytes: &[u8]| Segment::Marked(0xdb, bytes.to_vec());
    vec![
        stream("no_start", "What is neither a picture nor a boundary.", b"\xff\xd7\xff\xdb"),
        stream("not_a_marker", "The start is followed by no marker.", b"\xff\xd8\x00\xff"),
        stream(
            "other_size",
            "A second picture of another size, behind the first, which is given.",
            &[grey(1).bytes(), colour(&FULL).bytes()].concat(),
        ),
        changed("lossless", "A kind that is not decoded.", |jpeg| jpeg.kind = 0xc3),
        changed("arithmetic", "A coding that is not decoded.", |jpeg| jpeg.kind = 0xc9),
        changed("twelve_bits", "A depth that is not decoded.", |jpeg| jpeg.precision = 12),
        changed("two_components", "A number of components that is not decoded.", |jpeg| jpeg.planes.truncate(2)),
        changed("four_components", "Another number of components that is not decoded.", |jpeg| {
            jpeg.planes.extend(jpeg.planes.last().cloned())
        }),
        changed("no_height", "A height that would be told later.", |jpeg| jpeg.height = 0),
        changed("no_width", "A picture without columns.", |jpeg| jpeg.width = 0),
        changed("thirds_of_two", "A factor that does not divide the largest one.", |jpeg| {
            (jpeg.planes[0].factors, jpeg.planes[1].factors) = ((3, 1), (2, 1));
        }),
        changed("factor_0", "A factor of 0.", |jpeg| jpeg.planes[0].factors = (0, 1)),
        changed("factor_5", "A factor of 5.", |jpeg| jpeg.planes[0].factors = (1, 5)),
        changed("same_name", "Two components of one name.", |jpeg| jpeg.planes[2].id = 1),
        changed("steps_number_4", "A component with steps of number 4.", |jpeg| jpeg.planes[1].steps = 4),
        changed("no_steps", "A component whose steps were not defined.", |jpeg| jpeg.planes[1].steps = 2),
        changed("no_dc_table", "A DC table that was not defined.", |jpeg| jpeg.scans[0].coding = Coding::Before),
        changed("no_scan", "A picture without a scan.", |jpeg| jpeg.scans.clear()),
        changed("two_of_three", "A component without a scan.", |jpeg| jpeg.scans = vec![Scan::sequential(&[0, 1])]),
        changed("scan_again", "A sequential component with a second scan.", |jpeg| jpeg.scans.push(Scan::sequential(&[1]))),
        changed("scan_out_of_order", "Components of a scan in another order than the frame's.", |jpeg| {
            jpeg.scans = vec![Scan::sequential(&[1, 0, 2])]
        }),
        changed("scan_of_nothing", "A scan of no component.", |jpeg| jpeg.scans[0].planes.clear()),
        changed("ac_before_dc", "AC before any DC.", |jpeg| {
            (jpeg.kind, jpeg.scans) = (0xc2, vec![Scan::progressive(&[0], (1, 63), 0, 0)]);
        }),
        changed("bits_twice", "A bit that was told before.", |jpeg| {
            (jpeg.kind, jpeg.scans) =
                (0xc2, vec![Scan::progressive(&[0, 1, 2], (0, 0), 0, 0), Scan::progressive(&[0, 1, 2], (0, 0), 1, 0)]);
        }),
        changed("bits_left_out", "A refinement of two bits.", |jpeg| {
            (jpeg.kind, jpeg.scans) =
                (0xc2, vec![Scan::progressive(&[0, 1, 2], (0, 0), 0, 2), Scan::progressive(&[0, 1, 2], (0, 0), 2, 0)]);
        }),
        changed("ac_of_three", "A band of AC with three components.", |jpeg| {
            (jpeg.kind, jpeg.scans) =
                (0xc2, vec![Scan::progressive(&[0, 1, 2], (0, 0), 0, 0), Scan::progressive(&[0, 1, 2], (1, 63), 0, 0)]);
        }),
        changed("dc_and_ac", "A progressive band of DC and AC.", |jpeg| (jpeg.kind, jpeg.scans) = (0xc2, vec![Scan::sequential(&[0])])),
        changed("band_to_64", "A band that ends behind the last coefficient.", |jpeg| {
            (jpeg.kind, jpeg.scans) = (0xc2, vec![Scan::progressive(&[0, 1, 2], (0, 0), 0, 0), Scan::progressive(&[0], (1, 64), 0, 0)]);
        }),
        changed("shift_of_14", "A bit position above 13.", |jpeg| {
            (jpeg.kind, jpeg.scans) = (0xc2, vec![Scan::progressive(&[0, 1, 2], (0, 0), 0, 14)]);
        }),
        before("fill_and_zero", "A zero byte where a marker's second byte should be.", raw(&[0xff, 0])),
        before("lone_restart", "A restart marker outside of data.", raw(&[0xff, 0xd0])),
        before("two_starts", "A second start.", raw(&[0xff, 0xd8])),
        before("early_end", "An end before the frame header.", raw(&[0xff, 0xd9])),
        before("length_of_1", "A segment that is shorter than its length.", raw(&[0xff, 0xe1, 0, 1])),
        before("second_header", "Two frame headers.", Segment::Marked(0xc0, grey(1).header())),
        before("short_interval", "A restart interval of one byte.", Segment::Marked(0xdd, vec![1])),
        before("codes_of_ones", "Two codes of one bit, of which the second is all ones.", table(&[2], &[0, 1], 0, 0)),
        before("too_many_codes", "Three codes of two bits behind one of one.", table(&[1, 3], &[0, 1, 2, 3], 1, 0)),
        before("codes_cut", "Fewer symbols than codes.", table(&[0, 2], &[0], 0, 0)),
        before("class_2", "A Huffman table of a class that there is not.", table(&[1], &[0], 2, 0)),
        before("table_4", "A Huffman table of number 4.", table(&[1], &[0], 1, 4)),
        before("step_of_0", "A step of 0.", steps(&[&[0][..], &[1; 63], &[0]].concat())),
        before("steps_cut", "Steps that are too few.", steps(&[&[0][..], &[1; 63]].concat())),
        before("steps_of_24_bits", "Steps of a precision that there is not.", steps(&[&[0x20][..], &[1; 128]].concat())),
        before("steps_4", "Steps of number 4.", steps(&[&[4][..], &[1; 64]].concat())),
    ]
}

pub(super) fn of_data() -> Vec<GoldenCase<Mjpeg>> {
    let extreme = |name, doc, place: usize, value: i16| {
        let jpeg = Jpeg::new(8, 8, &[(1, 1)]).painted(move |_, _, of| if of == place { value } else { 0 });
        picture(name, doc, &jpeg)
    };
    let restarts = |name, doc, restarts: Restarts| {
        let mut jpeg = colour(&QUARTERS);
        jpeg.interval = 1;
        jpeg.scans[0].restarts = restarts;
        picture(name, doc, &jpeg)
    };
    let edited = |name, doc, data: &[u8]| {
        let mut jpeg = Jpeg::new(8, 8, &[(1, 1)]).painted(|_, _, place| i16::from(place == 0));
        jpeg.scans[0].coding = Coding::Every;
        let mut bytes = jpeg.bytes();
        let end = bytes.len() - 2;
        let start = spec::mjpeg::find(&bytes).last().map_or(end, |part| part.bytes.start);
        bytes.splice(start..end, data.iter().copied());
        stream(name, doc, &bytes)
    };
    vec![
        extreme("longest_difference", "A DC difference of eleven bits.", 0, 2_047),
        extreme("difference_too_long", "A DC difference of twelve bits.", 0, 2_048),
        extreme("longest_coefficient", "An AC coefficient of ten bits.", 63, -1_023),
        extreme("coefficient_too_long", "An AC coefficient of eleven bits.", 1, 1_024),
        changed("data_cut", "Data that end before the last block.", |jpeg| jpeg.scans[0].lost = 2),
        edited("no_data", "A scan without data.", &[]),
        edited("code_of_nothing", "A code that the table does not have.", &[0xfe, 0, 0, 0]),
        edited("run_beyond", "A run that leaves the block: sixteen zeros, four times.", &[0x03, 0xc1, 0xe0, 0xf0, 0x78, 0x7f]),
        edited("code_of_no_coefficient", "A run of three and a size of none.", &[0x00, 0xc3, 0, 0]),
        edited("behind_the_last_block", "What data have behind their last block is not looked at.", &[0, 0, 0, 1, 2, 3, 0xff, 0xff, 0, 4]),
        restarts("restarts_of_one_number", "The same restart marker again.", Restarts::Always(0)),
        restarts("no_restarts", "No restart marker where there must be one.", Restarts::Never),
        restarts("restart_at_the_end", "A restart marker behind the last interval.", Restarts::OneMore),
        stream("progressive_size_of_2", "A refinement of a coefficient of two bits.", &{
            let mut jpeg = Jpeg::new(8, 8, &[(1, 1)]).painted(|_, _, place| if place == 1 { 3 } else { 0 });
            let bands = [((0, 0), 0), ((1, 63), 1), ((1, 63), 0)];
            (jpeg.kind, jpeg.scans) = (0xc2, bands.map(|(band, low)| Scan::progressive(&[0], band, 0, low)).to_vec());
            // What was coded as a first scan is told to be a refinement of one.
            let mut bytes = jpeg.bytes();
            let last = bytes.windows(2).rposition(|two| two == [0xff, 0xda]).expect("a scan");
            bytes[last + 9] = 0x10;
            bytes
        }),
    ]
}

pub(super) fn of_parts() -> Vec<GoldenCase<Mjpeg>> {
    let two = [grey(100).bytes(), grey(-60).bytes()];
    let lined = |name, doc, lines: &[&[u8]]| {
        let mut body = Body::new(&two, false);
        body.parts[1].lines = lines.iter().map(|line| line.to_vec()).collect();
        stream(name, doc, &body.bytes())
    };
    let bounded = |name, doc, boundary: &[u8]| stream(name, doc, &Body { boundary: boundary.to_vec(), ..Body::new(&two, true) }.bytes());
    let last = |name, doc, last: &[u8]| stream(name, doc, &Body { last: last.to_vec(), ..Body::new(&two, true) }.bytes());
    let kind: &[u8] = b"Content-Type: image/jpeg";
    vec![
        lined("no_colon", "A header line without a colon.", &[kind, b"nothing"]),
        lined("no_name", "A header line without a name.", &[kind, b": value"]),
        lined("no_type", "A part without a type.", &[b"X: y"]),
        lined("two_types", "A part with two types.", &[kind, kind]),
        lined("other_type", "A part of another type.", &[b"Content-Type: image/jpegs"]),
        lined("two_lengths", "A part with two lengths.", &[kind, b"Content-Length: 1", b"Content-Length: 1"]),
        lined("length_of_letters", "A length that is no number.", &[kind, b"Content-Length: 0x10"]),
        lined("no_length", "A length of no digits.", &[kind, b"Content-Length: "]),
        lined("length_too_short", "A length that cuts the picture.", &[kind, b"Content-Length: 20"]),
        lined("length_of_0", "A length of nothing.", &[kind, b"Content-Length: 0"]),
        lined("length_too_long", "A length that reaches behind the end.", &[kind, b"Content-Length: 100000"]),
        lined("length_of_everything", "A length that no stream can have.", &[kind, b"Content-Length: 8388609"]),
        lined("length_of_many_digits", "A length beyond all numbers.", &[kind, b"Content-Length: 99999999999999999999999999"]),
        bounded("no_boundary", "A boundary of no bytes.", b""),
        bounded("boundary_with_a_space", "A boundary with a space.", b"a b"),
        bounded("longest_boundary", "A boundary of 70 bytes.", &[b'b'; 70]),
        bounded("boundary_too_long", "A boundary of 71 bytes.", &[b'b'; 71]),
        last("boundary_goes_on", "More than a boundary behind a part.", b"x\r\n"),
        last("one_hyphen", "One hyphen behind a boundary.", b"-\r\n"),
        last("cr_alone", "A CR without LF behind a boundary.", b"\rx"),
        last("boundary_cut", "A stream that ends within a line.", b"\r"),
        stream("cut_in_a_part", "A picture that its part cuts.", &{
            let cut = two[1][..two[1].len() - 2].to_vec();
            Body::new(&[two[0].clone(), cut], false).bytes()
        }),
        golden("header_met", "A header of 4,096 bytes.", Limits::default(), whole(&headed(&two, 4_096), 2)),
        golden("header_exceeded", "A header of 4,097 bytes.", Limits::default(), whole(&headed(&two, 4_097), 2)),
    ]
}

/// Parts of which the second has a header of so many bytes.
fn headed(two: &[Vec<u8>], bytes: usize) -> Vec<u8> {
    let mut body = Body::new(two, false);
    body.parts[1].lines[0].resize(bytes - 4, b';');
    body.bytes()
}
