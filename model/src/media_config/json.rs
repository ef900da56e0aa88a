//! JSON as RFC 8259 has it, read the plain way.

/// A JSON value. Members and numbers stay as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Json {
    Null,
    Truth(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// The member of that name.
    pub(super) fn member(&self, name: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// The value that this text is; nothing where it is no JSON. Recurses as deep as the text's brackets.
pub(super) fn read(text: &str) -> Option<Json> {
    let mut reader = Reader { rest: text };
    let value = reader.value()?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// A value and the space around it.
    fn value(&mut self) -> Option<Json> {
        self.space();
        let value = if self.take("{") {
            Json::Object(self.list("}", |reader| {
                reader.space();
                let key = reader.take("\"").then(|| reader.text())??;
                reader.space();
                Some((key, reader.take(":").then(|| reader.value())??))
            })?)
        } else if self.take("[") {
            Json::List(self.list("]", Self::value)?)
        } else if self.take("\"") {
            Json::Text(self.text()?)
        } else if self.take("true") {
            Json::Truth(true)
        } else if self.take("false") {
            Json::Truth(false)
        } else if self.take("null") {
            Json::Null
        } else {
            self.number()?
        };
        self.space();
        Some(value)
    }

    /// Items between commas, up to what ends them.
    fn list<T>(&mut self, end: &str, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.space();
        if self.take(end) {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            self.space();
            if self.take(end) {
                return Some(items);
            }
            if !self.take(",") {
                return None;
            }
        }
    }

    /// The rest of a string, behind its first quote.
    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let letter = self.letter()?;
            match letter {
                '"' => return Some(text),
                '\\' => text.push(self.escaped()?),
                '\0'..='\u{1f}' => return None,
                _ => text.push(letter),
            }
        }
    }

    fn letter(&mut self) -> Option<char> {
        let mut letters = self.rest.chars();
        let letter = letters.next()?;
        self.rest = letters.as_str();
        Some(letter)
    }

    fn escaped(&mut self) -> Option<char> {
        Some(match self.letter()? {
            letter @ ('"' | '\\' | '/') => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.unit()?;
                let units = if (0xd800..0xdc00).contains(&first) && self.take("\\u") { vec![first, self.unit()?] } else { vec![first] };
                // Half a pair alone is no character.
                let text = String::from_utf16(&units).ok()?;
                return text.chars().next();
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u16> {
        let digits: String = self.rest.chars().take_while(char::is_ascii_hexdigit).take(4).collect();
        self.rest = self.rest.get(4..)?;
        if digits.len() == 4 { u16::from_str_radix(&digits, 16).ok() } else { None }
    }

    fn digits(&mut self) -> Option<&str> {
        let rest = self.rest;
        self.rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        Some(&rest[..rest.len() - self.rest.len()]).filter(|digits| !digits.is_empty())
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.rest;
        self.take("-");
        let whole = self.digits()?;
        if whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        if self.take(".") {
            self.digits()?;
        }
        if self.take("e") || self.take("E") {
            let _sign = self.take("+") || self.take("-");
            self.digits()?;
        }
        Some(Json::Number(start[..start.len() - self.rest.len()].to_owned()))
    }
}

/// Larger than every bound of the schema.
pub(super) const HUGE: i64 = 1_000_000_000_000_000;

/// The whole number that a JSON number is, and [`HUGE`] in the place of a larger one; nothing where it has a fraction.
pub(super) fn whole(number: &str) -> Option<i64> {
    let (sign, number) = number.strip_prefix('-').map_or((1, number), |number| (-1, number));
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (before, behind) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{before}{behind}");
    if digits.bytes().all(|digit| digit == b'0') {
        return Some(0);
    }
    // A text has far fewer digits than this, so that a larger exponent moves the point behind all of them as well.
    let far = if exponent.starts_with('-') { -1_000_000 } else { 1_000_000 };
    let exponent = exponent.parse::<i64>().map_or(far, |exponent| exponent.clamp(-1_000_000, 1_000_000));
    // Where the point comes to stand.
    let point = before.len() as i64 + exponent;
    let (whole, fraction) = digits.split_at(point.clamp(0, digits.len() as i64) as usize);
    if fraction.bytes().any(|digit| digit != b'0') {
        return None;
    }
    let whole = whole.trim_start_matches('0').to_owned() + &"0".repeat((point - digits.len() as i64).clamp(0, 20) as usize);
    let size = if whole.len() > 15 { HUGE } else { whole.parse().ok()? };
    Some(sign * size)
}
