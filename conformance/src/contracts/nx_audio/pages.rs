//! The pages: what they describe is there, and what is there is described.

use super::outcome::CLASSES;
use crate::commands::{Check, Held, Program, Scene};
use spec::capabilities::METHODS;
use std::collections::BTreeSet;

const OVERVIEW: &str = "NX_AUDIO-024";
const PAGE: &str = "NX_AUDIO-025";

pub fn checks() -> Vec<Check> {
    vec![
        Check { name: "overview_names_services_and_methods", requirements: &[OVERVIEW], own: true, run: overview },
        Check { name: "page_names_commands_markers_and_codes", requirements: &[PAGE], own: true, run: page },
    ]
}

/// A method's name in the schema: `default_format` is `defaultFormat`.
fn in_schema(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |text, word| {
        let (head, rest) = word.split_at(word.len().min(1));
        text + &head.to_uppercase() + rest
    })
}

fn overview(scene: &Scene<'_>) -> Held {
    let overview = scene.page("implementation/services/OVERVIEW.md")?;
    let interface = scene.page("spec/idl/README.md")?;
    let services: BTreeSet<&str> = METHODS.iter().map(|method| method.service).collect();
    for service in services {
        scene.hold(OVERVIEW, overview.contains(service), || format!("the overview does not name {service}"))?;
    }
    for method in METHODS.iter().filter(|method| method.service == "audiod") {
        let name = format!("`{}`", in_schema(method.name));
        scene.hold(OVERVIEW, overview.contains(&name) || interface.contains(&name), || {
            format!("neither page names audiod's method {name}")
        })?;
    }
    Ok(())
}

/// The subcommands that a help text lists.
pub(in crate::contracts) fn listed(help: &str) -> Vec<String> {
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| line.starts_with("  "));
    // A line that goes on with a description is indented further.
    let names = lines.filter(|line| !line.starts_with("   ")).filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn page(scene: &Scene<'_>) -> Held {
    let page = scene.page("implementation/nx/AUDIO.md")?;
    let names = |what: &str| scene.hold(PAGE, page.contains(what), || format!("the page does not name `{what}`"));
    let commands = listed(&scene.run(Program::Nx, &["audio", "--help"])?.out);
    scene.hold(PAGE, commands.len() >= 5, || format!("nx audio --help lists {commands:?}"))?;
    for command in &commands {
        names(&format!("nx audio {command}"))?;
        for below in listed(&scene.run(Program::Nx, &["audio", command, "--help"])?.out) {
            names(&format!("{command} {below}"))?;
        }
    }
    for marker in ["nx: audio level=0.75", "nx: audio tone 440ms=300", "nx: audio record start"] {
        names(marker)?;
    }
    for (code, class) in CLASSES {
        names(&format!("{code} {class}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{in_schema, listed};

    #[test]
    fn names_of_methods_in_the_schema() {
        assert_eq!(["write", "default_format", "set_stream_gain"].map(in_schema), ["write", "defaultFormat", "setStreamGain"]);
    }

    #[test]
    fn subcommands_are_read_from_the_help() {
        let help = "Talks.\n\nUsage: nx\n\nCommands:\n  info   The format,\n         and more\n  level  Sets it\n  help   Print this\n\nOptions:\n  -h  Print help\n";
        assert_eq!(listed(help), ["info", "level"]);
        assert!(listed("Usage: nx\n\nOptions:\n  -h  Print help\n").is_empty());
    }
}
