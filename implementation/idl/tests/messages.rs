//! Drawn messages come back as they went, from wherever their bytes lie, through one buffer.

use idl::{decode_reply, decode_request, encode_reply, encode_request, frame_length};
use spec::idl::draw;
use spec::{Entropy, SplitMix64};
use std::borrow::Cow;

#[test]
fn decoding_gives_what_was_encoded_wherever_the_bytes_lie() {
    let mut source = SplitMix64::new(1);
    let (mut out, mut came) = (Vec::new(), 0);
    for _ in 0..5_000 {
        let (request, reply) = (draw::request(&mut source), draw::reply(&mut source));
        let before = source.below(8) as usize;
        if encode_request(&request, &mut out).is_ok() {
            assert_eq!(frame_length(&out), Ok(Some(out.len())));
            let moved = [vec![0xaa; before], out.clone()].concat();
            let back = decode_request(&moved[before..]).unwrap_or_else(|error| panic!("{error}: {request:?}"));
            assert_eq!(back, request);
            if let spec::idl::Call::Write { pcm: Cow::Owned(_), .. } | spec::idl::Call::OpenStream(Cow::Owned(_)) = back.call {
                panic!("what is decoded is borrowed");
            }
            assert_eq!(back.into_owned(), request);
            came += 1;
        }
        if encode_reply(&reply, &mut out).is_ok() {
            let moved = [vec![0xaa; before], out.clone()].concat();
            let back = decode_reply(&moved[before..]).unwrap_or_else(|error| panic!("{error}: {reply:?}"));
            assert_eq!(back, reply);
            assert_eq!(back.into_owned(), reply);
            came += 1;
        }
    }
    assert!(came > 8_000, "{came} messages were in bounds");
}

#[test]
fn any_bytes_give_an_answer() {
    let mut source = SplitMix64::new(2);
    for _ in 0..20_000 {
        let words = source.below(24) as usize;
        let mut bytes = vec![0, 0, 0, 0, words as u8, 0, 0, 0];
        for _ in 0..words {
            // Words that look like pointers more often than not.
            let word = source.bits() >> source.below(64);
            bytes.extend(word.to_le_bytes());
        }
        let (request, reply) = (decode_request(&bytes), decode_reply(&bytes));
        assert!(request.is_ok() || request.is_err_and(|error| error.code() as u16 >= 100));
        assert!(reply.is_ok() || reply.is_err_and(|error| error.code() as u16 >= 100));
    }
}
