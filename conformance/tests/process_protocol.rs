//! The lines of the protocol: what the harness writes the server reads and the other way round, and what neither takes.

use conformance::drivers::process::protocol::{
    Id, Ids, LINE_BYTES_MAX, RUN_OPS_MAX, Reply, Request, ResetReply, parse_hello, parse_reply, parse_request, write_answer, write_reset,
    write_run,
};
use conformance::serve::{Machines, Served, Server, handle_line, serve_machines, serve_model, served};
use model::Modelled;
use spec::ring::{Config, Obs, Op, Ring};
use spec::{Case, Contract, Entropy, ErrorCode, Failure, Machine, SplitMix64};
use std::collections::HashSet;
use std::io::BufReader;

const ID: Id = Id(0x0123_4567_89ab_cdef);

fn line(write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut out = Vec::new();
    write(&mut out);
    assert_eq!(out.pop(), Some(b'\n'), "a line ends with a newline");
    assert!(!out.contains(&b'\n'), "a line has one newline");
    out
}

fn served_lines(input: &str) -> Vec<String> {
    let mut output = Vec::new();
    serve_model(input.as_bytes(), &mut output).expect("memory does not fail");
    String::from_utf8(output).expect("answers are text").lines().map(str::to_owned).collect()
}

#[test]
fn the_lines_are_as_documented() {
    let text = |line: Vec<u8>| String::from_utf8(line).expect("text");
    let reset = text(line(|out| write_reset(ID, "ring", &Config { capacity_frames: 8 }, out).expect("plain data")));
    assert_eq!(reset, r#"{"id":"0123456789abcdef","reset":{"contract":"ring","config":{"capacity_frames":8}}}"#);
    let ops = [Op::Write(vec![1, -2]), Op::Pull(1), Op::Stats];
    let run = text(line(|out| assert_eq!(write_run(ID, &ops, out).expect("plain data"), 3)));
    assert_eq!(run, r#"{"id":"0123456789abcdef","run":[{"write":[1,-2]},{"pull":1},"stats"]}"#);
    let lines = served_lines(&format!("{{\"hello\":{{\"protocol\":1,\"harness\":\"conform 0.1.0\"}}}}\n{reset}\n{run}\n"));
    assert!(lines[0].starts_with(r#"{"hello":{"protocol":1,"name":"model "#), "{}", lines[0]);
    assert!(lines[0].contains(r#""mixer":["curve.soft","curve.saturate"]"#) && lines[0].contains(r#""ring":[]"#), "{}", lines[0]);
    assert_eq!(lines[1], r#"{"id":"0123456789abcdef","reset":"ok"}"#);
    assert!(lines[2].starts_with(r#"{"id":"0123456789abcdef","run":[{"wrote":1},{"pcm":[1,-2]},{"stats":{"written":1,"#), "{}", lines[2]);
    assert_eq!(lines.len(), 3);
}

fn round_trip<C: Modelled>() {
    let mut entropy = SplitMix64::new(7);
    for _ in 0..100 {
        let case = C::draw(&mut entropy, 20);
        let trace = C::model().run_case(&case).expect("a model does not fail");
        let request = line(|out| drop(write_run(ID, &case.ops, out)));
        assert!(matches!(parse_request::<C::Op>(&request), Ok(Request::Run(ID, ops)) if ops == case.ops));
        let answer = line(|out| write_answer(Some(ID), "run", &trace.obs, out));
        assert_eq!(parse_reply::<C::Obs>(&answer, trace.obs.len()), Ok((Some(ID), Reply::Run(trace.obs))));
    }
}

macro_rules! round_trips {
    ($($module:ident => $contract:ty,)*) => {
        #[test]
        fn what_one_side_writes_the_other_reads() {
            $(round_trip::<$contract>();)*
        }
    };
}
spec::for_each_contract!(round_trips);

#[test]
fn ids_are_new_each_time_and_to_everyone() {
    let (mut first, mut second) = (Ids::default(), Ids::default());
    let mut seen = HashSet::new();
    for _ in 0..10_000 {
        assert!(seen.insert(first.next_id().0) && seen.insert(second.next_id().0), "an id came twice");
    }
}

#[test]
fn test_reject_answers_of_another_shape() {
    let parse = |text: &str, ops| parse_reply::<Obs>(text.as_bytes(), ops);
    for (text, ops, what) in [
        ("", 0, "EOF"),
        ("[]", 0, "invalid type: sequence"),
        ("{}", 0, "none of"),
        (r#"{"id":"0123456789abcdef"}"#, 0, "none of"),
        (r#"{"id":"0123456789abcdef","run":["done"]"#, 1, "EOF"),
        (r#"{"id":"0123456789abcdef","run":["done"]}x"#, 1, "trailing characters"),
        (r#"{"id":"0123456789abcdef","run":["done"],"run":["done"]}"#, 1, "more than one of"),
        (r#"{"id":"0123456789abcdef","id":"0123456789abcdef","reset":"ok"}"#, 0, "duplicate field `id`"),
        (r#"{"id":"0123456789ABCDEF","reset":"ok"}"#, 0, "16 lower-case"),
        (r#"{"id":"0123456789abcde","reset":"ok"}"#, 0, "16 lower-case"),
        (r#"{"id":17,"reset":"ok"}"#, 0, "invalid type: integer"),
        (r#"{"id":null,"reset":"ok"}"#, 0, "without an id"),
        (r#"{"id":"0123456789abcdef","reset":"OK"}"#, 0, "unknown variant `OK`"),
        (r#"{"id":"0123456789abcdef","run":["done"]}"#, 2, "1 observations for 2 operations"),
        (r#"{"id":"0123456789abcdef","run":["done","done"]}"#, 1, "more than 1 observations"),
        (r#"{"id":"0123456789abcdef","run":[{"pcm":[32768]}]}"#, 1, "32768"),
        (r#"{"id":"0123456789abcdef","run":[{"pcm":[0.5]}]}"#, 1, "floating point"),
    ] {
        let malformed = parse(text, ops).expect_err(text);
        assert!(malformed.what.contains(what), "{text}: {malformed}");
        assert!(malformed.byte <= text.len(), "{text}: {malformed}");
    }
    assert_eq!(parse(r#"{"reset":"ok","id":"0123456789abcdef"}"#, 0), Ok((Some(ID), Reply::Reset(ResetReply::Ok))));
    assert_eq!(parse(r#"{"error":"x"}"#, 0), Ok((None, Reply::Error("x".to_owned()))));
    // What is kept of a line is bounded, wherever in it the mistake is.
    let long = format!(r#"{{"id":"0123456789abcdef","run":["{}"]}}"#, "ü".repeat(1 << 20));
    let malformed = parse(&long, 1).expect_err("no such observation");
    assert!(malformed.to_string().len() < 4_096, "{} bytes", malformed.to_string().len());
    let nested = "[".repeat(1 << 20);
    assert!(parse(&format!(r#"{{"id":"0123456789abcdef","run":{nested}"#), 1).is_err());
    assert!(parse_hello(b"{}").is_err());
    assert!(parse_hello(br#"{"hello":{"protocol":1,"name":"x","contracts":{"ring":"all"}}}"#).is_err());
}

#[test]
fn test_reject_questions_of_another_shape() {
    let mut server = Server::<Toys>::default();
    let mut ask = |text: &str| {
        let mut out = Vec::new();
        server.handle_line(text.as_bytes(), &mut out);
        String::from_utf8(out).expect("answers are text")
    };
    assert_eq!(
        ask(r#"{"id":"0123456789abcdef","run":["stats"]}"#),
        "{\"id\":\"0123456789abcdef\",\"error\":\"a run without an accepted reset\"}\n"
    );
    assert_eq!(
        ask(r#"{"id":"0123456789abcdef","reset":{"contract":"ring","config":{"capacity_frames":4}}}"#),
        "{\"id\":\"0123456789abcdef\",\"reset\":\"ok\"}\n"
    );
    ask(r#"{"id":"0123456789abcdef","run":[{"write":[1,2]}]}"#);
    let before = ask(r#"{"id":"0123456789abcdef","run":["stats"]}"#);
    let too_many = format!(r#"{{"id":"0123456789abcdef","run":[{}]}}"#, vec![r#"{"pull":1}"#; RUN_OPS_MAX + 1].join(","));
    for (text, id, what) in [
        ("?", false, "expected value"),
        ("{}", false, "not a `hello`"),
        ("\u{feff}{}", false, "expected value"),
        (r#"{"run":["stats"]}"#, false, "not a `hello`"),
        (r#"{"id":"7","run":["stats"]}"#, false, "16 lower-case"),
        (r#"{"id":"0123456789abcdef"}"#, true, "not a `hello`"),
        (r#"{"id":"0123456789abcdef","run":["stats","dance"]}"#, true, "unknown variant `dance`"),
        (r#"{"id":"0123456789abcdef","run":[{"write":[1,2],"pull":1}]}"#, true, "expected"),
        (r#"{"id":"0123456789abcdef","run":["stats"],"fast":true}"#, true, "unknown field `fast`"),
        (r#"{"id":"0123456789abcdef","run":["stats"],"reset":{"contract":"ring","config":{}}}"#, true, "not a `hello`"),
        (r#"{"id":"0123456789abcdef","reset":{"contract":"ring"}}"#, true, "missing field `config`"),
        (too_many.as_str(), true, "more than 64 operations"),
    ] {
        let answer = ask(text);
        assert_eq!(answer.contains("\"id\":\"0123456789abcdef\""), id, "{answer}");
        assert!(answer.contains("\"error\":") && answer.contains(what), "{text}: {answer}");
        assert_eq!(answer.lines().count(), 1, "{answer}");
    }
    assert_eq!(ask(r#"{"id":"0123456789abcdef","run":["stats"]}"#), before, "a malformed question changes nothing");
    assert_eq!(ask("  \r"), "", "a blank line is no question");
    let rejected = ask(r#"{"id":"0123456789abcdef","reset":{"contract":"ring","config":{"capacity_frames":0}}}"#);
    assert_eq!(rejected, "{\"id\":\"0123456789abcdef\",\"reset\":{\"rejected\":\"out_of_range\"}}\n");
    assert!(ask(r#"{"id":"0123456789abcdef","run":["stats"]}"#).contains("without an accepted reset"));
    let unknown = ask(r#"{"id":"0123456789abcdef","reset":{"contract":"dance","config":{}}}"#);
    assert_eq!(unknown, "{\"id\":\"0123456789abcdef\",\"reset\":{\"unsupported\":\"no contract `dance` here\"}}\n");
    assert!(
        ask(r#"{"id":"0123456789abcdef","reset":{"contract":"ring","config":{"size":3}}}"#).contains("does not fit the contract `ring`")
    );
}

#[test]
fn test_reject_a_line_over_the_bound() {
    let mut input = vec![b'x'; LINE_BYTES_MAX + 10];
    input.extend_from_slice(b"\n{\"id\":\"0123456789abcdef\",\"reset\":{\"contract\":\"ring\",\"config\":{\"capacity_frames\":4}}}\n");
    let mut output = Vec::new();
    serve_model(BufReader::new(input.as_slice()), &mut output).expect("memory does not fail");
    let text = String::from_utf8(output).expect("answers are text");
    assert_eq!(text, "{\"error\":\"a line of more than 67108864 bytes\"}\n{\"id\":\"0123456789abcdef\",\"reset\":\"ok\"}\n");
}

#[test]
fn lines_are_the_same_however_they_arrive() {
    let mut entropy = SplitMix64::new(3);
    let mut input = Vec::new();
    for _ in 0..20 {
        let case: Case<Ring> = Ring::draw(&mut entropy, 9);
        write_reset(Id(entropy.bits()), Ring::NAME, &case.config, &mut input).expect("plain data");
        write_run(Id(entropy.bits()), &case.ops, &mut input).expect("plain data");
        input.extend_from_slice(b"\n{]\n");
    }
    input.extend_from_slice(br#"{"hello":{"protocol":1}}"#);
    let mut whole = Vec::new();
    serve_model(input.as_slice(), &mut whole).expect("memory does not fail");
    for capacity in [1, 7, 64, 4_096] {
        let mut pieces = Vec::new();
        serve_model(BufReader::with_capacity(capacity, input.as_slice()), &mut pieces).expect("memory does not fail");
        assert!(pieces == whole, "in pieces of {capacity} bytes");
    }
}

#[test]
fn no_bytes_make_either_side_panic() {
    let mut entropy = SplitMix64::new(11);
    let seeds = [
        r#"{"id":"0123456789abcdef","reset":{"contract":"mixer","config":{"curve":"soft"}}}"#,
        r#"{"id":"0123456789abcdef","run":[{"write":[1,-2]},{"pull":1},"stats"]}"#,
        r#"{"id":"0123456789abcdef","reset":{"rejected":"out_of_range"}}"#,
        r#"{"hello":{"protocol":1,"name":"n","contracts":{"ring":[]}}}"#,
    ];
    for _ in 0..20_000 {
        let mut bytes = seeds[entropy.below(4) as usize].as_bytes().to_vec();
        for _ in 0..entropy.below(4) {
            let place = entropy.below(bytes.len() as u64) as usize;
            match entropy.below(3) {
                0 => bytes[place] = entropy.bits() as u8,
                1 => bytes.truncate(place + 1),
                _ => bytes.insert(place, b"\"{}[],:0-\\"[entropy.below(10) as usize]),
            }
        }
        let answer = handle_line(&bytes);
        assert!(answer.is_empty() || serde_json::from_slice::<serde_json::Value>(&answer).is_ok());
        let _ = parse_reply::<Obs>(&bytes, 3);
        let _ = parse_hello(&bytes);
    }
}

/// A ring that panics when it is paused and fails when it is resumed.
struct Toy(Box<dyn Machine<Ring>>);

impl Machine<Ring> for Toy {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.0.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        match op {
            Op::Pause => panic!("no pause"),
            Op::Resume => Err(Failure::new(spec::FailureKind::Hung, "a long story")),
            op => self.0.step(op),
        }
    }
}

struct Toys;

impl Machines for Toys {
    const NAME: &'static str = "toys";

    fn open(contract: &str) -> Option<Box<dyn Served>> {
        (contract == Ring::NAME).then(|| served(Box::new(Toy(Ring::model())) as Box<dyn Machine<Ring>>))
    }
}

#[test]
fn a_machine_that_panics_is_answered_for() {
    let ask = |what: &str| format!("{{\"id\":\"0123456789abcdef\",{what}}}\n");
    let reset = ask(r#""reset":{"contract":"ring","config":{"capacity_frames":4}}"#);
    let input = [reset.clone(), ask(r#""run":["stats","pause"]"#), ask(r#""run":["stats"]"#), reset, ask(r#""run":["resume"]"#)].concat();
    let mut output = Vec::new();
    serve_machines::<Toys>(input.as_bytes(), &mut output).expect("memory does not fail");
    let text = String::from_utf8(output).expect("answers are text");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[1].ends_with(r#""error":"the machine panicked: no pause"}"#), "{text}");
    assert!(lines[2].contains("without an accepted reset"), "{text}");
    assert!(lines[3].ends_with(r#""reset":"ok"}"#) && lines[4].contains("a long story"), "{text}");
}
