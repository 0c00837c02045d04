//! What the command tells of itself to shells, `man` and editors.

use std::error::Error;
use std::io::Write;

use clap::CommandFactory;
use clap_complete::Shell;

use crate::Outcome;
use crate::args::Args;
use crate::report;

/// `tactful completions SHELL`
pub(crate) fn completions(shell: Shell) -> Result<Outcome, Box<dyn Error>> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "tactful", &mut script);
    print(&script)
}

/// `tactful man`: the page of the command, and then of each of its own commands.
pub(crate) fn man() -> Result<Outcome, Box<dyn Error>> {
    let mut command = Args::command();
    command.build();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    for one in command.get_subcommands().filter(|one| one.get_name() != "help") {
        let man = clap_mangen::Man::new(one.clone());
        writeln!(page, ".SH \"TACTFUL {}\"", one.get_name().to_uppercase())?;
        man.render_description_section(&mut page)?;
        man.render_options_section(&mut page)?;
    }
    print(&page)
}

/// `tactful schema`
pub(crate) fn schema() -> Result<Outcome, Box<dyn Error>> {
    let mut schema = serde_json::to_vec_pretty(&report::schema())?;
    schema.push(b'\n');
    print(&schema)
}

fn print(bytes: &[u8]) -> Result<Outcome, Box<dyn Error>> {
    let mut out = anstream::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(Outcome::Clean)
}
