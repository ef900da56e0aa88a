//! Wrong machines of the contract `artwork`.

use super::wrong::{Flaw, wrong};
use crate::suite::{Violation, violation};
use spec::artwork::Artwork;

/// In the order in which a diagnosis names them.
pub(super) fn violations() -> Vec<Violation<Artwork>> {
    vec![
        violation("ARTWORK-001", "hashes URI and content without a length between them", || wrong(Flaw::KeyWithoutLength)),
        violation("ARTWORK-001", "hashes the content alone", || wrong(Flaw::KeyWithoutUri)),
        violation("ARTWORK-001", "hashes the content's length", || wrong(Flaw::KeyOfContentLength)),
        violation("ARTWORK-001", "hashes a length of the other byte order", || wrong(Flaw::KeyLengthIsBigEndian)),
        violation("ARTWORK-002", "cuts a picture", || wrong(Flaw::CutsContent)),
        violation("ARTWORK-002", "finds another picture", || wrong(Flaw::FindsOtherContent)),
        violation("ARTWORK-003", "counts a miss as a hit", || wrong(Flaw::CountsMissAsHit)),
        violation("ARTWORK-003", "takes a miss for an access of the oldest picture", || wrong(Flaw::MissIsAccess)),
        violation("ARTWORK-004", "caches one picture more", || wrong(Flaw::EntriesOneMore)),
        violation("ARTWORK-004", "caches one picture less", || wrong(Flaw::EntriesOneLess)),
        violation("ARTWORK-004", "caches one byte more", || wrong(Flaw::BytesOneMore)),
        violation("ARTWORK-007", "does not cache a picture as large as the cache", || wrong(Flaw::BytesOneLess)),
        violation("ARTWORK-005", "lets the picture with the newest access go", || wrong(Flaw::NewestGoes)),
        violation("ARTWORK-005", "lets the smallest picture go", || wrong(Flaw::SmallestGoes)),
        violation("ARTWORK-005", "lets the picture go that was put first", || wrong(Flaw::OldestPutGoes)),
        violation("ARTWORK-005", "takes a hit for no access", || wrong(Flaw::HitIsNoAccess)),
        violation("ARTWORK-005", "lets one picture more go than it must", || wrong(Flaw::GoesOnEvicting)),
        violation("ARTWORK-006", "takes a put again for no access", || wrong(Flaw::PutAgainIsNoAccess)),
        violation("ARTWORK-006", "caches a picture twice", || wrong(Flaw::PutAgainAdds)),
        violation("ARTWORK-006", "says that a picture that is put again was added", || wrong(Flaw::PutAgainSaysAdded)),
        violation("ARTWORK-007", "empties the cache for a picture that is too large", || wrong(Flaw::OversizeEmpties)),
        violation("ARTWORK-007", "takes a picture that is too large for an error", || wrong(Flaw::OversizeIsRejected)),
        violation("ARTWORK-007", "forgets a URI whose new picture is too large", || wrong(Flaw::OversizeEndsUri)),
        violation("ARTWORK-008", "takes a look by URI for an access", || wrong(Flaw::LookupIsAccess)),
        violation("ARTWORK-008", "finds an older picture by its URI", || wrong(Flaw::LookupFindsOlder)),
        violation("ARTWORK-008", "finds a URI's first picture", || wrong(Flaw::LookupFindsFirst)),
        violation("ARTWORK-009", "keeps the bytes of a removed picture", || wrong(Flaw::RemoveKeepsBytes)),
        violation("ARTWORK-009", "removes all pictures of a URI", || wrong(Flaw::RemoveTakesUri)),
        violation("ARTWORK-009", "counts a removed picture as one that went", || wrong(Flaw::RemoveCountsAsEvicted)),
        violation("ARTWORK-009", "says that it removed what was not there", || wrong(Flaw::RemoveSaysYes)),
        violation("ARTWORK-010", "takes any text for a URI", || wrong(Flaw::AnyUri)),
        violation("ARTWORK-010", "takes URIs of 129 bytes", || wrong(Flaw::UriOneLonger)),
        violation("ARTWORK-010", "takes URIs of at most 127 bytes", || wrong(Flaw::UriOneShorter)),
        violation("ARTWORK-010", "takes the control characters beyond ASCII", || wrong(Flaw::TakesHighControls)),
        violation("ARTWORK-010", "caches pictures without content", || wrong(Flaw::TakesEmpty)),
        violation("ARTWORK-010", "looks at the content before the URI", || wrong(Flaw::EmptyBeforeUri)),
        violation("ARTWORK-011", "takes a limit of 0", || wrong(Flaw::TakesLimitZero)),
        violation("ARTWORK-011", "takes limits above the largest", || wrong(Flaw::TakesAnyLimit)),
        violation("ARTWORK-012", "counts a picture that is put again as a hit", || wrong(Flaw::CountsPutsAsHits)),
        violation("ARTWORK-012", "counts one eviction for each put", || wrong(Flaw::CountsEvictionsOnce)),
        violation("ARTWORK-012", "lists the newest key first", || wrong(Flaw::KeysNewestFirst)),
        violation("ARTWORK-013", "has one key for all fixtures' names", || wrong(Flaw::FixturesAreRenamed)),
    ]
}
