//! The byte protocol against its definition, and against hostile bytes.

use spec::mailbox::{RESPONSE_BYTES, STATUS_MALFORMED, STATUS_OK, STATUS_TOO_LARGE, STATUS_UNKNOWN_CONTRACT};
use spec::{Case, Contract, Entropy, SplitMix64, Trace};
use sut::{Implemented, mailbox};

fn answer(request: &[u8]) -> Vec<u8> {
    // What an earlier answer left behind is replaced.
    let mut response = vec![1, 2, 3];
    mailbox::answer(request, &mut response);
    response
}

fn request<C: Contract>(index: u8, cases: &Vec<Case<C>>) -> Vec<u8> {
    [vec![index], postcard::to_allocvec(cases).expect("cases are encoded")].concat()
}

/// Answers as the definition says: all cases decoded, asked, and all traces encoded.
fn check<C: Implemented>(index: u8) {
    let cases: Vec<Case<C>> = (0..100).map(|seed| C::draw(&mut SplitMix64::new(seed), 24)).collect();
    let traces: Vec<Trace<C>> = sut::machine::<C>().run_cases(&cases).expect("an answer");
    let expected = [vec![STATUS_OK], postcard::to_allocvec(&traces).expect("traces are encoded")].concat();
    let whole = request(index, &cases);
    assert!(answer(&whole) == expected, "{}", C::NAME);

    // Cut anywhere, with a byte too many, or with any byte changed, it is still answered.
    let mut source = SplitMix64::new(9);
    for _ in 0..200 {
        let cut = source.below(whole.len() as u64) as usize;
        let status = if cut == 0 { STATUS_MALFORMED } else { answer(&whole[..cut])[0] };
        assert_eq!(status, STATUS_MALFORMED, "{} cut to {cut} bytes", C::NAME);
        let mut changed = whole.clone();
        changed[cut.max(1)] = source.bits() as u8;
        assert!(!answer(&changed).is_empty());
        let noise: Vec<u8> = std::iter::once(index).chain((0..64).map(|_| source.bits() as u8)).collect();
        assert!(!answer(&noise).is_empty());
    }
    assert_eq!(answer(&[whole, vec![0]].concat()), [STATUS_MALFORMED]);
    assert_eq!(answer(&[index, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), [STATUS_MALFORMED]);
}

macro_rules! contracts {
    ($($name:ident => $contract:ty,)*) => {
        const NAMES: &[&str] = &[$(stringify!($name)),*];

        $(mod $name {
            use super::{Contract, NAMES};

            #[test]
            fn it_answers_as_defined() {
                assert_eq!(stringify!($name), <$contract>::NAME.replace('-', "_"));
                let index = NAMES.iter().position(|name| *name == stringify!($name)).expect("its own name");
                super::check::<$contract>(index as u8);
            }
        })*

        #[test]
        fn test_reject_mailbox_unknown_contract() {
            assert_eq!(answer(&[NAMES.len() as u8, 0]), [STATUS_UNKNOWN_CONTRACT]);
        }
    };
}

spec::for_each_contract!(contracts);

#[test]
fn test_reject_mailbox_no_contract() {
    assert_eq!(answer(&[]), [STATUS_MALFORMED]);
    assert_eq!(answer(&[0xff]), [STATUS_UNKNOWN_CONTRACT]);
}

#[test]
fn test_reject_mailbox_response_over_max() {
    use spec::tone::{Op, Tone};
    let ask = |pulls: usize| {
        let case = Case::<Tone> { config: Default::default(), ops: vec![Op::Pull(1920); pulls] };
        answer(&request(5, &vec![case]))
    };
    // A pull of silence has 2 bytes of length, 3,840 samples of two bytes, and 2 bytes around them.
    let fitting = RESPONSE_BYTES as usize / 7684 - 1;
    let response = ask(fitting);
    assert!(response[0] == STATUS_OK && response.len() as u64 <= RESPONSE_BYTES && response.len() as u64 > RESPONSE_BYTES - 16_384);
    assert_eq!(ask(fitting + 4), [STATUS_TOO_LARGE]);
    assert_eq!(ask(100_000), [STATUS_TOO_LARGE]);
}
