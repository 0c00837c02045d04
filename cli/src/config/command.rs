//! `tactful config`: shows what is set, begins a file, describes it for editors.

use std::error::Error;
use std::path::Path;

use super::file::File;
use super::{Configs, NAMES};
use crate::Outcome;
use crate::args::{self, ConfigCommand};
use crate::project::Project;
use crate::report::{Problem, clean};
use crate::write;

/// What `init` writes.
const TEMPLATE: &str = include_str!("init.toml");

pub(crate) fn run(config: &args::Config) -> Result<Outcome, Box<dyn Error>> {
    match &config.command {
        ConfigCommand::Show { path, config } => show(path, config.as_deref())?,
        ConfigCommand::Init { folder } => init(folder)?,
        ConfigCommand::Schema => {
            anstream::println!("{}", serde_json::to_string_pretty(&schemars::schema_for!(File))?);
        }
    }
    Ok(Outcome::Clean)
}

fn show(path: &Path, config: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let project = Project::new(&[])?;
    let absolute = project.absolute(path);
    let folder =
        if path.is_dir() { std::fs::canonicalize(path)? } else { absolute.parent().unwrap_or(path).to_owned() };
    let config = Configs::with(config)?.of_folder(&folder)?;
    let settings = config.settings(&config.overrides(&absolute));
    // What does not hold is told here, too.
    config.holds_for(&settings.analyzer()?)?;
    settings.reader()?;
    anstream::println!("# {}", clean(&config.to_string()));
    if !path.is_dir() && config.excludes(&absolute) {
        anstream::println!("# This file is excluded.");
    }
    anstream::print!("{}", toml::to_string(&settings.shown())?);
    Ok(())
}

fn init(folder: &Path) -> Result<(), Box<dyn Error>> {
    let at = |name: &str| folder.strip_prefix(".").unwrap_or(folder).join(name);
    if let Some(there) = NAMES.into_iter().map(at).find(|path| path.exists()) {
        return Err(Problem::of_file(&there, "there is a configuration already, and it was left as it is").into());
    }
    let path = at("tactful.toml");
    write::whole(&path, TEMPLATE.as_bytes())?;
    anstream::println!("{}: every setting is explained there", clean(&path.display().to_string()));
    Ok(())
}
