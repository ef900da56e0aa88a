//! The implementation behind the contracts' operations.
