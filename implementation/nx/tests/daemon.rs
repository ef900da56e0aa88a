//! The daemon against clients that are not its tools: what those do is checked as the contract `nx-audio`.

mod common;

use common::Daemon;
use rustix::process::Signal;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::process::Command;
use std::time::Duration;

/// Clients that a daemon serves at one time.
const CLIENTS_MAX: usize = 64;

#[test]
fn test_reject_a_second_daemon_at_the_same_socket() {
    let daemon = Daemon::start();
    let second = Command::new(env!("CARGO_BIN_EXE_nx")).args(["audiod", "--socket"]).arg(daemon.socket()).output().expect("it runs");
    assert_eq!(second.status.code(), Some(3));
    assert!(daemon.nx(&["audio", "stats"]).status.success(), "the first goes on serving");
}

#[test]
fn test_reject_garbage_on_the_socket() {
    let daemon = Daemon::start();
    for garbage in [&b"\xff\xff\xff\xff\xff\xff\xff\xff"[..], b"GET / HTTP/1.1\r\n\r\n", &[0; 64]] {
        let mut stream = UnixStream::connect(daemon.socket()).expect("it listens");
        stream.write_all(garbage).expect("it reads");
        stream.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        let mut answer = [0; 512];
        assert!(stream.read(&mut answer).expect("an answer") > 0, "an error is told");
    }
    assert!(daemon.nx(&["audio", "stats"]).status.success(), "it goes on serving");
}

#[test]
fn test_reject_one_client_too_many() {
    let daemon = Daemon::start();
    let connect_all =
        || -> Vec<UnixStream> { (0..CLIENTS_MAX).map(|_| UnixStream::connect(daemon.socket()).expect("it listens")).collect() };
    let assert_full = || {
        let refused = daemon.nx(&["audio", "stats"]);
        assert_eq!(refused.status.code(), Some(4), "{refused:?}");
    };
    let first = connect_all();
    assert_full();
    // It finds that all of them have gone and that as many others have come at one time: each of these is served.
    daemon.signal(Signal::STOP);
    drop(first);
    let second = connect_all();
    daemon.signal(Signal::CONT);
    assert_full();
    drop(second);
    assert!(daemon.nx(&["audio", "stats"]).status.success(), "it serves others once they have gone");
}
