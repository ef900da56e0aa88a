//! Wrong machines of the contract `level`.

use crate::suite::{Violation, misheard, tampered, violation};
use spec::level::{Config, Decibels, LEVEL_Q16_MAX, LEVEL_UNITY_Q16, Level, Linear, Obs, Op};
use spec::{ErrorCode, Failure, Machine};

/// In the order in which a diagnosis names them: a machine that starts wrongly answers some small cases as others do.
pub(super) fn violations() -> Vec<Violation<Level>> {
    let mut all = of_numbers();
    all.extend(of_mutes());
    all.extend(of_texts());
    all.extend(of_reports());
    all.extend(of_starts());
    all
}

/// A level in Q16, which is exact as a double.
fn set(level: u32) -> Op {
    Op::Set(Linear::of(f64::from(level) / f64::from(LEVEL_UNITY_Q16)))
}

/// What is understood where a valid number is set and stored as `round` says of the number in Q16.
fn stored(op: &Op, round: fn(f64) -> f64) -> Op {
    match op {
        Op::Set(linear) if (0.0..=1.0).contains(&linear.value()) => {
            let level = round(linear.value() * 65_536.0) / 65_536.0;
            Op::Set(Linear::of(level.clamp(0.0, 1.0)))
        }
        op => op.clone(),
    }
}

/// What is understood where a number is changed before anything else.
fn changed(op: &Op, change: fn(f64) -> f64) -> Op {
    match op {
        Op::Set(linear) => Op::Set(Linear::of(change(linear.value()))),
        op => op.clone(),
    }
}

fn of_numbers() -> Vec<Violation<Level>> {
    vec![
        violation("LEVEL-001", "rounds levels down", || misheard::<Level>(|op| stored(op, f64::floor))),
        violation("LEVEL-001", "rounds levels up", || misheard::<Level>(|op| stored(op, f64::ceil))),
        violation("LEVEL-001", "rounds half a step to the even neighbour", || misheard::<Level>(|op| stored(op, f64::round_ties_even))),
        violation("LEVEL-001", "adds the half step in floating point, which rounds already", || {
            misheard::<Level>(|op| stored(op, |q16| (q16 + 0.5).floor()))
        }),
        violation("LEVEL-001", "computes in single precision", || {
            misheard::<Level>(|op| stored(op, |q16| f64::from((q16 as f32).round())))
        }),
        violation("LEVEL-001", "has a full level of 65,535", || {
            misheard::<Level>(|op| stored(op, |q16| (q16 * (65_535.0 / 65_536.0)).round()))
        }),
        violation("LEVEL-002", "takes levels above 1 for 1", || misheard::<Level>(|op| changed(op, |x| if x > 1.0 { 1.0 } else { x }))),
        violation("LEVEL-002", "takes negative levels for 0", || misheard::<Level>(|op| changed(op, |x| if x < 0.0 { 0.0 } else { x }))),
        violation("LEVEL-002", "clamps levels", || misheard::<Level>(|op| changed(op, |x| x.clamp(0.0, 1.0)))),
        violation("LEVEL-002", "takes NaN for 0", || misheard::<Level>(|op| changed(op, |x| if x.is_nan() { 0.0 } else { x }))),
        violation("LEVEL-002", "takes NaN for 1", || misheard::<Level>(|op| changed(op, |x| if x.is_nan() { 1.0 } else { x }))),
        violation("LEVEL-002", "takes the sign off negative levels", || misheard::<Level>(|op| changed(op, f64::abs))),
        violation("LEVEL-002", "looks at the range after rounding", || {
            misheard::<Level>(|op| {
                changed(op, |x| if (x * 65_536.0).round() == x.clamp(0.0, 1.0).round() * 65_536.0 { x.clamp(0.0, 1.0) } else { x })
            })
        }),
        violation("LEVEL-002", "rejects the full level", || misheard::<Level>(|op| changed(op, |x| if x == 1.0 { 2.0 } else { x }))),
        violation("LEVEL-002", "rejects negative zero", || {
            misheard::<Level>(|op| changed(op, |x| if x.to_bits() == 1 << 63 { -1.0 } else { x }))
        }),
        violation("LEVEL-002", "is silent after a rejected level", || {
            meddling(|inner, _, op| {
                let obs = inner.step(op)?;
                if matches!((op, &obs), (Op::Set(_), Obs::Rejected(_))) {
                    inner.step(&set(0))?;
                }
                Ok(obs)
            })
        }),
        violation("LEVEL-002", "is as loud as can be after a rejected level", || {
            meddling(|inner, _, op| {
                let obs = inner.step(op)?;
                if matches!((op, &obs), (Op::Set(_), Obs::Rejected(_))) {
                    inner.step(&set(LEVEL_UNITY_Q16))?;
                }
                Ok(obs)
            })
        }),
    ]
}

fn of_mutes() -> Vec<Violation<Level>> {
    vec![
        violation("LEVEL-004", "sets the level to 0 to mute it", || {
            meddling(|inner, _, op| {
                if matches!(op, Op::Mute(true)) {
                    inner.step(&set(0))?;
                }
                inner.step(op)
            })
        }),
        violation("LEVEL-004", "is at the full level after a mute", || {
            meddling(|inner, _, op| {
                if matches!(op, Op::Mute(false)) {
                    inner.step(&set(LEVEL_UNITY_Q16))?;
                }
                inner.step(op)
            })
        }),
        violation("LEVEL-004", "is silent after a mute", || {
            meddling(|inner, _, op| {
                if matches!(op, Op::Mute(false)) {
                    inner.step(&set(0))?;
                }
                inner.step(op)
            })
        }),
        violation("LEVEL-004", "remembers the silence when it is muted twice", || {
            meddling(|inner, before, op| {
                if before.muted && matches!(op, Op::Mute(true)) {
                    inner.step(&set(0))?;
                }
                inner.step(op)
            })
        }),
        violation("LEVEL-004", "says of a muted level that it is 0, and remembers it", || {
            tampered::<Level, ()>(|(), _, obs| match obs {
                Obs::State { effective, muted, .. } => Obs::State { level: effective, effective, muted },
                obs => obs,
            })
        }),
        violation("LEVEL-004", "never ends a mute", || {
            misheard::<Level>(|op| if matches!(op, Op::Mute(false)) { Op::Mute(true) } else { op.clone() })
        }),
        violation("LEVEL-005", "ends the mute when a level is set", || {
            meddling(|inner, _, op| {
                let obs = inner.step(op)?;
                if matches!(op, Op::Set(_) | Op::SetText(_)) && obs == Obs::Done {
                    inner.step(&Op::Mute(false))?;
                }
                Ok(obs)
            })
        }),
        violation("LEVEL-005", "loses a level that is set while muted", || {
            meddling(|inner, before, op| {
                let obs = inner.step(op)?;
                if before.muted && matches!(op, Op::Set(_) | Op::SetText(_)) && obs == Obs::Done {
                    inner.step(&set(before.level))?;
                }
                Ok(obs)
            })
        }),
        violation("LEVEL-005", "rejects a level while muted", || {
            meddling(|inner, before, op| match op {
                Op::Set(_) if before.muted => Ok(Obs::Rejected(ErrorCode::InvalidLevel)),
                op => inner.step(op),
            })
        }),
        violation("LEVEL-005", "plays a level that is set while muted", || {
            tampered::<Level, (bool, bool)>(|(muted, set), op, obs| match (op, obs) {
                (Op::Mute(asked), obs) => {
                    (*muted, *set) = (*asked, false);
                    obs
                }
                (Op::Set(_) | Op::SetText(_), Obs::Done) => {
                    *set = *muted;
                    Obs::Done
                }
                (_, Obs::State { level, muted, .. }) if *set => Obs::State { level, effective: level, muted },
                (_, obs) => obs,
            })
        }),
        violation("LEVEL-003", "plays on while muted", || {
            tampered::<Level, ()>(|(), _, obs| match obs {
                Obs::State { level, muted, .. } => Obs::State { level, effective: level, muted },
                obs => obs,
            })
        }),
        violation("LEVEL-003", "is silent while not muted, and plays while muted", || {
            tampered::<Level, ()>(|(), _, obs| match obs {
                Obs::State { level, effective, muted } => Obs::State { level, effective: level - effective, muted },
                obs => obs,
            })
        }),
        violation("LEVEL-003", "never says that it is muted", || {
            tampered::<Level, ()>(|(), _, obs| match obs {
                Obs::State { level, effective, .. } => Obs::State { level, effective, muted: false },
                obs => obs,
            })
        }),
        violation("LEVEL-003", "ends a mute when it is muted again", || {
            meddling(|inner, before, op| match op {
                Op::Mute(true) => inner.step(&Op::Mute(!before.muted)),
                op => inner.step(op),
            })
        }),
        violation("LEVEL-003", "does not mute", || {
            misheard::<Level>(|op| if matches!(op, Op::Mute(true)) { Op::Mute(false) } else { op.clone() })
        }),
    ]
}

/// What is understood of a text that the contract rejects, where `lenient` finds a number in it.
fn lenient(op: &Op, read: fn(&str) -> Option<String>) -> Op {
    match op {
        Op::SetText(text) => read(text).map_or_else(|| op.clone(), Op::SetText),
        op => op.clone(),
    }
}

fn of_texts() -> Vec<Violation<Level>> {
    vec![
        violation("LEVEL-007", "takes every text that a number can be read from", || {
            misheard::<Level>(|op| match op {
                Op::SetText(text) => match text.parse::<f64>() {
                    Ok(value) if (0.0..=1.0).contains(&value) => Op::Set(Linear::of(value)),
                    _ => op.clone(),
                },
                op => op.clone(),
            })
        }),
        violation("LEVEL-007", "takes spaces around the number", || {
            misheard::<Level>(|op| lenient(op, |text| Some(text.trim().to_owned())))
        }),
        violation("LEVEL-007", "takes a sign before the number", || {
            misheard::<Level>(|op| lenient(op, |text| text.strip_prefix('+').map(str::to_owned)))
        }),
        violation("LEVEL-007", "takes a point without places", || {
            misheard::<Level>(|op| lenient(op, |text| text.strip_suffix('.').map(str::to_owned)))
        }),
        violation("LEVEL-007", "takes a point without a digit before it", || {
            misheard::<Level>(|op| lenient(op, |text| text.starts_with('.').then(|| format!("0{text}"))))
        }),
        violation("LEVEL-007", "takes zeros before the number", || {
            misheard::<Level>(|op| {
                lenient(op, |text| {
                    let digits = text.trim_start_matches('0');
                    let zero = text.len() > digits.len() && !digits.starts_with('1');
                    Some(if zero { format!("0{digits}") } else { digits.to_owned() })
                })
            })
        }),
        violation("LEVEL-007", "drops places beyond the fourth", || {
            misheard::<Level>(|op| {
                lenient(op, |text| {
                    let numeric = text.len() > 6 && text.chars().all(|c| c.is_ascii_digit() || c == '.');
                    numeric.then(|| text[..6].to_owned())
                })
            })
        }),
        violation("LEVEL-007", "takes texts above 1 for 1", || {
            misheard::<Level>(|op| lenient(op, |text| text.parse::<f64>().is_ok_and(|value| value > 1.0).then(|| "1".to_owned())))
        }),
        violation("LEVEL-007", "takes the digits of any script", || {
            misheard::<Level>(|op| {
                lenient(op, |text| Some(text.chars().map(|c| if c.is_numeric() && !c.is_ascii() { '0' } else { c }).collect()))
            })
        }),
        violation("LEVEL-007", "takes a comma for a point", || misheard::<Level>(|op| lenient(op, |text| Some(text.replace(',', "."))))),
        violation("LEVEL-007", "counts the places from the right", || {
            misheard::<Level>(|op| {
                lenient(op, |text| {
                    let places = text.strip_prefix("0.").filter(|places| (1..4).contains(&places.len()));
                    places.map(|places| format!("0.{places:0>4}"))
                })
            })
        }),
        violation("LEVEL-007", "drops places beyond the second", || {
            misheard::<Level>(|op| {
                lenient(op, |text| {
                    let right =
                        (5..=6).contains(&text.len()) && text.starts_with("0.") && text[2..].bytes().all(|digit| digit.is_ascii_digit());
                    right.then(|| text[..4].to_owned())
                })
            })
        }),
        violation("LEVEL-007", "rounds the levels of texts down", || {
            misheard::<Level>(|op| match op {
                Op::SetText(text) => match text.strip_prefix("0.") {
                    Some(places) if (1..=4).contains(&places.len()) && places.bytes().all(|digit| digit.is_ascii_digit()) => {
                        let tens = 10_u32.pow(places.len() as u32);
                        set(places.bytes().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')) * 65_536 / tens)
                    }
                    _ => op.clone(),
                },
                op => op.clone(),
            })
        }),
        violation("LEVEL-007", "takes at most three places", || {
            misheard::<Level>(|op| lenient(op, |text| (text.len() > 5).then(String::new)))
        }),
        violation("LEVEL-007", "takes no number without a point", || {
            misheard::<Level>(|op| lenient(op, |text| (text.len() == 1).then(String::new)))
        }),
        violation("LEVEL-007", "is silent after a rejected text", || {
            meddling(|inner, _, op| {
                let obs = inner.step(op)?;
                if matches!((op, &obs), (Op::SetText(_), Obs::Rejected(_))) {
                    inner.step(&set(0))?;
                }
                Ok(obs)
            })
        }),
        violation("LEVEL-007", "rejects texts as it rejects numbers", || {
            tampered::<Level, ()>(|(), op, obs| match (op, obs) {
                (Op::SetText(_), Obs::Rejected(_)) => Obs::Rejected(ErrorCode::InvalidLevel),
                (_, obs) => obs,
            })
        }),
    ]
}

fn of_reports() -> Vec<Violation<Level>> {
    vec![
        violation("LEVEL-006", "drops the fraction of decibel steps", || decibels(|steps| steps.trunc())),
        violation("LEVEL-006", "rounds decibels down", || decibels(|steps| steps.floor())),
        violation("LEVEL-006", "reports decibels of power", || decibels(|steps| (steps / 2.0).round())),
        violation("LEVEL-006", "reports whole decibels", || decibels(|steps| (steps / 256.0).round() * 256.0)),
        violation("LEVEL-006", "counts 6 dB for each halving", || decibels(|steps| (steps * 6.0 / (20.0 * 2.0_f64.log10())).round())),
        violation("LEVEL-006", "reports decibels without their sign", || decibels(|steps| -steps.round())),
        violation("LEVEL-006", "reports a number for silence", || {
            tampered::<Level, ()>(
                |(), _, obs| if obs == Obs::Decibels(Decibels::Silence) { Obs::Decibels(Decibels::Q8_8(-25_600)) } else { obs },
            )
        }),
        violation("LEVEL-006", "reports levels above 1 as 1", || {
            misheard::<Level>(|op| if let Op::Decibels(level) = op { Op::Decibels((*level).min(LEVEL_Q16_MAX)) } else { op.clone() })
        }),
        violation("LEVEL-006", "rejects the full level in decibels", || {
            misheard::<Level>(|op| if *op == Op::Decibels(LEVEL_Q16_MAX) { Op::Decibels(LEVEL_Q16_MAX + 1) } else { op.clone() })
        }),
        violation("LEVEL-009", "drops the fraction of hundredths", || hundredths(|level| level * 100 / 65_536)),
        violation("LEVEL-009", "rounds half a hundredth to the even one", || {
            hundredths(|level| (f64::from(level) * 100.0 / 65_536.0).round_ties_even() as u32)
        }),
        violation("LEVEL-009", "rounds hundredths up", || hundredths(|level| (level * 100).div_ceil(65_536))),
        violation("LEVEL-009", "takes the integer level for 65,535ths", || hundredths(|level| (level * 200 + 65_535) / 131_070)),
        violation("LEVEL-009", "shows hundredths without their zero", || shown(|text| text.replace(".0", "."))),
        violation("LEVEL-009", "shows no zeros at the end", || shown(|text| text.trim_end_matches('0').trim_end_matches('.').to_owned())),
        violation("LEVEL-009", "shows one decimal", || shown(|text| text[..3].to_owned())),
        violation("LEVEL-009", "shows a comma", || shown(|text| text.replace('.', ","))),
        violation("LEVEL-009", "shows levels above 1 as 1", || {
            misheard::<Level>(|op| if let Op::Show(level) = op { Op::Show((*level).min(LEVEL_Q16_MAX)) } else { op.clone() })
        }),
    ]
}

fn of_starts() -> Vec<Violation<Level>> {
    vec![
        violation("LEVEL-008", "starts muted", || started(|| Op::Mute(true))),
        violation("LEVEL-008", "starts silent", || started(|| set(0))),
        violation("LEVEL-008", "starts at half the level", || started(|| set(LEVEL_UNITY_Q16 / 2))),
    ]
}

/// What a level was before an operation.
struct Before {
    level: u32,
    muted: bool,
}

/// A machine that steps the model itself, and does more or less to it than was asked.
struct Meddling {
    inner: Box<dyn Machine<Level>>,
    start: Option<fn() -> Op>,
    meddle: fn(&mut dyn Machine<Level>, Before, &Op) -> Result<Obs, Failure>,
}

impl Machine<Level> for Meddling {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        let answer = self.inner.reset(config)?;
        if let Some(op) = self.start {
            self.inner.step(&op())?;
        }
        Ok(answer)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let before = match self.inner.step(&Op::Get)? {
            Obs::State { level, muted, .. } => Before { level, muted },
            obs => return Ok(obs),
        };
        (self.meddle)(&mut *self.inner, before, op)
    }
}

fn meddling(meddle: fn(&mut dyn Machine<Level>, Before, &Op) -> Result<Obs, Failure>) -> Box<dyn Machine<Level>> {
    Box::new(Meddling { inner: <Level as model::Modelled>::model(), start: None, meddle })
}

/// A machine that was asked something before it starts.
fn started(op: fn() -> Op) -> Box<dyn Machine<Level>> {
    Box::new(Meddling { inner: <Level as model::Modelled>::model(), start: Some(op), meddle: |inner, _, op| inner.step(op) })
}

/// A machine whose reports alone are wrong.
struct Reporting {
    inner: Box<dyn Machine<Level>>,
    report: Report,
}

/// How a report is made wrongly.
enum Report {
    /// The step that is told for the exact number of decibel steps.
    Decibels(fn(f64) -> f64),
    /// The hundredths of a level in Q16.
    Hundredths(fn(u32) -> u32),
    /// The text that is told for the right one.
    Text(fn(&str) -> String),
}

impl Machine<Level> for Reporting {
    fn reset(&mut self, config: &Config) -> Result<Result<(), ErrorCode>, Failure> {
        self.inner.reset(config)
    }

    fn step(&mut self, op: &Op) -> Result<Obs, Failure> {
        let obs = self.inner.step(op)?;
        Ok(match (&self.report, op, obs) {
            (Report::Decibels(told), Op::Decibels(level), Obs::Decibels(Decibels::Q8_8(_))) => {
                let steps = (f64::from(*level) / f64::from(LEVEL_UNITY_Q16)).log10() * 5_120.0;
                Obs::Decibels(Decibels::Q8_8(told(steps) as i32))
            }
            (Report::Hundredths(count), Op::Show(level), Obs::Text(_)) => {
                let hundredths = count(*level);
                Obs::Text(format!("{}.{:02}", hundredths / 100, hundredths % 100))
            }
            (Report::Text(tell), Op::Show(_), Obs::Text(text)) => Obs::Text(tell(&text)),
            (_, _, obs) => obs,
        })
    }
}

fn reporting(report: Report) -> Box<dyn Machine<Level>> {
    Box::new(Reporting { inner: <Level as model::Modelled>::model(), report })
}

fn decibels(told: fn(f64) -> f64) -> Box<dyn Machine<Level>> {
    reporting(Report::Decibels(told))
}

fn hundredths(count: fn(u32) -> u32) -> Box<dyn Machine<Level>> {
    reporting(Report::Hundredths(count))
}

fn shown(tell: fn(&str) -> String) -> Box<dyn Machine<Level>> {
    reporting(Report::Text(tell))
}
