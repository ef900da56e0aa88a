//! Two threads at full speed (RING-013).

#[test]
fn two_threads_lose_repeat_and_tear_nothing() {
    let frames = if cfg!(debug_assertions) { 5_000_000 } else { 100_000_000 };
    audio::ring::stress::stress(frames).expect("every frame, once, in order");
}
