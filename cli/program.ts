import { Command, CommanderError } from "commander";
import packageJson from "../package.json" with { type: "json" };
import { type AddCommand, type ExitCode, commonOptions } from "./command.ts";
import type { World } from "./world.ts";

const exitCodes = `
Exit codes:
  0  all is well, or done
  1  something needs a person, differs or failed
  2  it was called wrongly, or the settings are wrong

What changes something says what it will do, asks first (--yes answers), and is
on record with who asked. Colours and progress bars are for terminals only;
NO_COLOR takes the colours away. AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL and
AWS's other variables and files count as they do for AWS's own programs.
docs/operate.md says which command helps when.`;

/**
 * Runs `cardway` with these words.
 *
 * @param commands - In the order of the help, by the heading that they stand under.
 * @returns the exit code.
 */
export async function runCardway(
  words: readonly string[],
  world: World,
  commands: Readonly<Record<string, readonly AddCommand[]>>,
): Promise<ExitCode> {
  let code: ExitCode = 0;
  const program = programOf(commands, world, (ended) => (code = ended));
  try {
    await program.parseAsync([...words], { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
}

function programOf(
  commands: Readonly<Record<string, readonly AddCommand[]>>,
  world: World,
  end: (code: ExitCode) => void,
): Command {
  const program = new Command("cardway")
    .description("Looks after model cards and what Cardway does about them.")
    .usage("<command> [options]")
    .version(packageJson.version, "--version", "the version")
    .helpOption("--help", "this text")
    .helpCommand("help [command]", "what a command takes")
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError("(cardway --help lists all commands.)")
    .addHelpText("after", exitCodes)
    .configureOutput({
      writeOut: world.write,
      writeErr: world.writeError,
      outputError: (text, write) =>
        write(text.replace(/^error: ./, (start) => start.slice(-1).toUpperCase())),
      getOutHelpWidth: () => Math.max(80, world.screen.width),
      getErrHelpWidth: () => Math.max(80, world.screen.width),
    });
  for (const option of commonOptions) program.option(...option);
  for (const [heading, group] of Object.entries(commands)) {
    program.commandsGroup(`${heading}:`);
    for (const add of group) add(program, world, end);
  }
  return program;
}
