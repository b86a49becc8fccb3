/** The `hi` command: reads the command line, runs one command and ends with its exit code. */
import { version } from "@hi-stranger/core/version";
import { Command, CommanderError } from "commander";
import type { AddCommand, Handler } from "./command.ts";
import { addAuditCommand } from "./commands/audit.ts";
import { addAdminCommand } from "./commands/admin.ts";
import { addCountCommand } from "./commands/count.ts";
import { addDeleteCommand } from "./commands/delete.ts";
import { addDoctorCommand } from "./commands/doctor.ts";
import { addExportCommand } from "./commands/export.ts";
import { addGenerateCommand } from "./commands/generate.ts";
import { addGetCommand } from "./commands/get.ts";
import { addImportCommand } from "./commands/import.ts";
import { addKeysCommand } from "./commands/keys.ts";
import { addListCommand } from "./commands/list.ts";
import { addTokenCommand } from "./commands/token.ts";
import { addVaultCommand } from "./commands/vault.ts";
import { type GlobalOptions, chooseUrl, createContext, defaultUrl } from "./context.ts";
import { BrokenPipeError, toCliError } from "./errors.ts";
import { type ExitCode, describeExitCodes, exitCodes } from "./exit-codes.ts";
import { listenForInterrupts } from "./interrupt.ts";
import { createOutput, forgetColours, guardStreams } from "./output.ts";
import { toUsageError } from "./usage.ts";

const commands: readonly AddCommand[] = [
  addGenerateCommand,
  addImportCommand,
  addExportCommand,
  addListCommand,
  addGetCommand,
  addCountCommand,
  addDeleteCommand,
  addTokenCommand,
  addKeysCommand,
  addAdminCommand,
  addAuditCommand,
  addVaultCommand,
  addDoctorCommand,
];

const introduction = `Personas of a Hi Stranger store, from the command line.

Results go to stdout, everything else to stderr.`;

const epilogue = `
Environment:
  HI_URL               the store's address, unless --url is given
  HI_TOKEN             the token, unless --token-file is given
  HI_OPERATOR_SECRET   opens \`hi token\`, \`keys\`, \`admin\` and \`audit\`; a local store's is found by itself
  HI_VAULT             the vault's folder, unless --vault is given
  HI_STATE_DIR         where unfinished imports are noted
  NO_COLOR             set to anything: no colours

${describeExitCodes()}

Start with:
  $ export HI_TOKEN=$(npx hi token create --quiet)
  $ npx hi generate --count 1000 --out personas.ndjson
  $ npx hi import personas.ndjson`;

guardStreams();
process.exitCode = await run(process.argv);

async function run(argv: readonly string[]): Promise<ExitCode> {
  const signal = listenForInterrupts();
  const program = createProgram();
  program.on("option:no-color", forgetColours);
  let result: ExitCode = exitCodes.ok;
  const runner =
    <Args extends unknown[]>(handler: Handler<Args>) =>
    async (...args: Args) => {
      const context = createContext(program.opts<GlobalOptions>(), signal);
      try {
        result = (await handler(context, ...args)) ?? exitCodes.ok;
      } catch (error) {
        throw context.explain(error);
      }
    };
  for (const add of commands) add(program, runner);
  try {
    await program.parseAsync(argv);
    return result;
  } catch (error) {
    return explain(error, program, argv);
  }
}

function createProgram(): Command {
  return new Command("hi")
    .description(introduction)
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .option("--url <url>", `the store's address (default: $HI_URL, or ${defaultUrl})`)
    .option("--token-file <file>", "read the token from a file, or from stdin by -")
    .option("--json", "print results, and errors, as JSON")
    .option("-q, --quiet", "print results, warnings and errors only")
    .option("--no-color", "no colours")
    .addHelpText("after", epilogue)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: () => undefined })
    .exitOverride();
}

/** Shows what went wrong, if anything did. */
function explain(error: unknown, program: Command, argv: readonly string[]): ExitCode {
  const options = program.opts<GlobalOptions>();
  if (error instanceof BrokenPipeError) return exitCodes.ok;
  if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.ok;
  // A command without its subcommand: Commander has printed the help.
  if (error instanceof CommanderError && error.code === "commander.help") return exitCodes.usage;
  const cliError =
    error instanceof CommanderError
      ? toUsageError(error, program, argv.slice(2))
      : toCliError(error, chooseUrl(options));
  // When the command line can't be read, neither can its `--json`.
  const isJson = options.json ?? argv.includes("--json");
  createOutput({ isJson, isQuiet: false }).error(cliError);
  const { HI_DEBUG } = process.env;
  if (HI_DEBUG) process.stderr.write(`${(error as Error).stack}\n`);
  return cliError.exitCode;
}
