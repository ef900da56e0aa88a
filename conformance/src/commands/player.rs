//! A demo program that plays while a check goes on, and ends with it.

use super::scene::{Asked, Program, Said};
use super::{Broken, Scene, Service};
use std::path::PathBuf;
use std::process::Child;

/// A demo program that plays.
pub struct Player<'a> {
    scene: &'a Scene<'a>,
    asked: Asked,
    child: Child,
    out: PathBuf,
    err: PathBuf,
}

impl<'a> Player<'a> {
    /// Starts `wavplay` against a service.
    ///
    /// # Errors
    /// A program that can't be started.
    pub fn start(scene: &'a Scene<'a>, service: &Service<'_>, arguments: &[&str]) -> Result<Self, Broken> {
        let socket = service.socket();
        let mut all = arguments.to_vec();
        all.extend(["--socket", &socket]);
        let asked = scene.asked(Program::Wavplay, &all);
        let (out, err) = (scene.path("out"), scene.path("err"));
        let child = scene.start(&asked, &out, &err)?;
        Ok(Self { scene, asked, child, out, err })
    }

    /// What it said so far, with its exit code where it has ended.
    ///
    /// # Errors
    /// A process that can't be asked.
    pub fn said(&mut self) -> Result<Said, Broken> {
        let status = self.child.try_wait().map_err(|error| Broken::other(error.to_string()))?;
        let text = |path: &PathBuf| std::fs::read_to_string(path).unwrap_or_default();
        let said = Said { code: status.and_then(|status| status.code()), out: text(&self.out), err: text(&self.err) };
        Ok(self.scene.said(&self.asked, said))
    }
}

impl Drop for Player<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
