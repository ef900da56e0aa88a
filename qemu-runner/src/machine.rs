//! QEMU as a child process: started, listened to within bounds, and ended for certain.

use crate::grammar::Grammar;
pub use crate::heard::Heard;
use crate::judge::Exit;
use crate::memory::Memory;
use rustix::process::{Signal, set_parent_process_death_signal};
use spec::mailbox::RAM_BYTES;
use std::io::{self, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;

/// The program that is looked for on the path.
pub const QEMU: &str = "qemu-system-riscv64";
/// Bytes of QEMU's own messages that are kept.
const MESSAGE_BYTES_MAX: u64 = 4096;
/// How often the end of a process is looked for once its output has ended.
const REAP_EVERY: Duration = Duration::from_micros(200);

struct Shared {
    heard: Mutex<Heard>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Heard> {
        // What was heard stays true whoever panicked while looking at it.
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a machine is started.
#[derive(Clone, Debug)]
pub struct Start<'a> {
    /// The program.
    pub qemu: &'a Path,
    /// The guest's image: ELF, or raw code for 0x80000000.
    pub image: &'a Path,
    /// Whether time is counted in instructions, so that the same image and challenge give the same bytes.
    pub deterministic: bool,
    /// The device tree's blob; QEMU's own where there is none.
    pub device_tree: Option<&'a [u8]>,
    /// The image of a disk in virtio-mmio slot 0; no disk where there is none.
    pub disk: Option<&'a Path>,
}

/// A running QEMU. It ends with this value.
pub struct Machine {
    shared: Arc<Shared>,
    child: Arc<Mutex<Child>>,
    message: Arc<Mutex<String>>,
    listener: Option<JoinHandle<()>>,
    started: Instant,
    /// The device tree as a file, which QEMU reads while it starts.
    _device_tree: Option<NamedTempFile>,
}

impl Machine {
    /// Starts QEMU on this memory.
    ///
    /// # Errors
    /// The program or the image can't be used.
    pub fn start(start: &Start<'_>, memory: &Memory) -> io::Result<Self> {
        let image =
            std::fs::metadata(start.image).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", start.image.display())))?;
        if !image.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("{} is no file", start.image.display())));
        }
        let device_tree = start.device_tree.map(file).transpose()?;
        let mut command = command(start, memory, device_tree.as_ref().map(NamedTempFile::path));
        let shared = Arc::new(Shared { heard: Mutex::new(Heard::default()), changed: Condvar::new() });
        let message = Arc::new(Mutex::new(String::new()));
        let (sender, receiver) = mpsc::channel();
        let started = Instant::now();
        let listener = {
            let (shared, message) = (Arc::clone(&shared), Arc::clone(&message));
            // QEMU is told to die with the thread that started it, so that thread is the one that stays with it to its end.
            thread::Builder::new().name("uart".to_owned()).spawn(move || match command.spawn() {
                Ok(child) => {
                    let child = Arc::new(Mutex::new(child));
                    if sender.send(Ok(Arc::clone(&child))).is_ok() {
                        listen(&shared, &child, &message);
                    }
                }
                Err(error) => drop(sender.send(Err(error))),
            })?
        };
        let child = receiver.recv().map_err(io::Error::other)?.map_err(|error| {
            let program = start.qemu.display();
            io::Error::new(error.kind(), format!("{program} can't be started: {error}; Debian and Ubuntu have it in qemu-system-misc"))
        })?;
        Ok(Self { shared, child, message, listener: Some(listener), started, _device_tree: device_tree })
    }

    /// When it was started.
    pub fn started(&self) -> Instant {
        self.started
    }

    /// What was heard so far.
    pub fn heard(&self) -> Heard {
        self.shared.lock().clone()
    }

    /// Looks at what was heard, without a copy of the log.
    pub fn look<T>(&self, look: impl FnOnce(&Heard) -> T) -> T {
        look(&self.shared.lock())
    }

    /// Waits until `until` holds or the machine ended; gives whether that was before the deadline.
    pub fn wait(&self, deadline: Instant, until: impl Fn(&Heard) -> bool) -> bool {
        let mut heard = self.shared.lock();
        loop {
            if until(&heard) || heard.exit.is_some() {
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            heard = self.shared.changed.wait_timeout(heard, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// QEMU's own message, such as why it can't start; without its end where it is long.
    pub fn message(&self) -> String {
        self.message.lock().unwrap_or_else(PoisonError::into_inner).trim().to_owned()
    }

    /// Ends the machine, waits for its end and gives all that was heard.
    pub fn stop(&mut self) -> Heard {
        self.shared.lock().stopping = true;
        kill(&self.child);
        if let Some(listener) = self.listener.take() {
            // A listener that panicked has nothing more to say.
            let _ = listener.join();
        }
        self.heard()
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        self.stop();
    }
}

fn file(bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut file = NamedTempFile::new()?;
    file.write_all(bytes)?;
    Ok(file)
}

fn command(start: &Start<'_>, memory: &Memory, device_tree: Option<&Path>) -> Command {
    let megabytes = format!("{}M", RAM_BYTES >> 20);
    let mut command = Command::new(start.qemu);
    command.args(["-M", "virt,memory-backend=m", "-cpu", "rv64", "-m", &megabytes, "-bios", "none"]);
    command.arg("-object").arg(format!("memory-backend-file,id=m,size={megabytes},mem-path={},share=on", memory.path().display()));
    command.args(["-display", "none", "-monitor", "none", "-serial", "stdio", "-no-reboot", "-kernel"]).arg(start.image);
    if start.deterministic {
        command.args(["-icount", "shift=0,sleep=off"]);
    }
    if let Some(tree) = device_tree {
        command.arg("-dtb").arg(tree);
    }
    if let Some(disk) = start.disk {
        // Slot 2 would be in the I2S controller's place. What a killed QEMU had written is in the host's cache, and so is kept.
        command.args(["-global", "virtio-mmio.force-legacy=off", "-device", "virtio-blk-device,drive=state,bus=virtio-mmio-bus.0"]);
        command
            .arg("-drive")
            .arg(format!("if=none,id=state,format=raw,cache=writeback,file={}", disk.display().to_string().replace(',', ",,")));
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let parent = std::process::id();
    // SAFETY: between fork and exec only two system calls are made, neither of which allocates or takes a lock.
    unsafe {
        command.pre_exec(move || {
            set_parent_process_death_signal(Some(Signal::KILL))?;
            // The parent may be gone already, and its signal with it.
            let alive = rustix::process::getppid().is_some_and(|now| now.as_raw_nonzero().get().unsigned_abs() == parent);
            if alive { Ok(()) } else { Err(io::ErrorKind::NotFound.into()) }
        });
    }
    command
}

fn kill(child: &Mutex<Child>) {
    // A child that has ended already needs no more.
    let _ = child.lock().unwrap_or_else(PoisonError::into_inner).kill();
}

/// Listens to the UART until QEMU ends.
fn listen(shared: &Shared, child: &Mutex<Child>, message: &Arc<Mutex<String>>) {
    let grammar = Grammar::embedded();
    let (stdout, stderr) = {
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        (child.stdout.take(), child.stderr.take())
    };
    let complaints = stderr.map(|stderr| {
        let message = Arc::clone(message);
        thread::spawn(move || {
            let mut stderr = stderr;
            let mut text = Vec::new();
            // What can't be read is as good as not written; the rest is read and dropped, so that QEMU is never kept waiting.
            let _ = stderr.by_ref().take(MESSAGE_BYTES_MAX).read_to_end(&mut text);
            *message.lock().unwrap_or_else(PoisonError::into_inner) = String::from_utf8_lossy(&text).into_owned();
            let _ = io::copy(&mut stderr, &mut io::sink());
        })
    });
    if let Some(mut stdout) = stdout {
        let mut buffer = vec![0; 16 << 10];
        loop {
            match stdout.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => {
                    let go_on = shared.lock().take(grammar, buffer.get(..count).unwrap_or_default());
                    shared.changed.notify_all();
                    if !go_on {
                        break;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    }
    if shared.lock().flooded {
        kill(child);
    }
    let status = loop {
        match child.lock().unwrap_or_else(PoisonError::into_inner).try_wait() {
            Ok(Some(status)) => break Some(status),
            Ok(None) => {}
            Err(_) => break None,
        }
        thread::sleep(REAP_EVERY);
    };
    if let Some(complaints) = complaints {
        let _ = complaints.join();
    }
    let mut heard = shared.lock();
    let stopped = heard.flooded || heard.stopping;
    heard.exit = Some(exit(status, stopped));
    drop(heard);
    shared.changed.notify_all();
}

fn exit(status: Option<ExitStatus>, stopped: bool) -> Exit {
    match status.map(|status| (status.code(), status.signal())) {
        Some((Some(code), _)) => Exit::Code(code),
        _ if stopped => Exit::Stopped,
        Some((None, Some(signal))) => Exit::Signal(signal),
        _ => Exit::Unknown,
    }
}

/// The program on the path, if it is there.
pub fn find_qemu() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(QEMU)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn test_reject_what_can_not_start() {
        let memory = Memory::new().unwrap();
        let start = |qemu: &str, image: &str| {
            let start = Start { qemu: Path::new(qemu), image: Path::new(image), deterministic: true, device_tree: None, disk: None };
            Machine::start(&start, &memory).err().expect("nothing can start").to_string()
        };
        assert!(start("/nothing/qemu", "/dev/null").contains("is no file"));
        assert!(start("/nothing/qemu", "/nothing/image").contains("/nothing/image"));
        let image = tempfile::NamedTempFile::new().unwrap();
        let error = start("/nothing/qemu", &image.path().display().to_string());
        assert!(error.contains("/nothing/qemu can't be started") && error.contains("qemu-system-misc"), "{error}");
    }
}
