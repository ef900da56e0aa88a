//! What the contracts of media sessions have in common.

use serde::{Deserialize, Serialize};

/// What a session is for, which decides who gives way to whom (TASK-0218 goal 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Music, podcasts, films.
    Music,
    /// Calls and other talk between people.
    Comms,
    /// What must be heard.
    Alarm,
    /// Sounds of the user interface.
    Ui,
}

impl Class {
    /// Every class, in the order of the focus table.
    pub const ALL: [Self; 4] = [Self::Music, Self::Comms, Self::Alarm, Self::Ui];

    /// The name in tables, messages and listings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Music => "music",
            Self::Comms => "comms",
            Self::Alarm => "alarm",
            Self::Ui => "ui",
        }
    }

    /// The class of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.name() == name)
    }
}
