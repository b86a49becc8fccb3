/** `hi get`: one persona. */
import { type AddCommand, examples } from "../command.ts";
import type { Context } from "../context.ts";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { withoutControls } from "../format.ts";
import { readProfileId } from "../option-values.ts";

export const addGetCommand: AddCommand = (program, run) => {
  program
    .command("get")
    .summary("print one persona")
    .description("Print one persona as JSON: indented, or on one line with --json.")
    .argument("<id>", "its id, such as usr_01fr9e4000tvjzp6hqeye1qcsa", readProfileId)
    .addHelpText(
      "after",
      examples(
        ["npx hi get usr_01fr9e4000tvjzp6hqeye1qcsa", "print a persona"],
        [
          "npx hi get usr_01fr9e4000tvjzp6hqeye1qcsa --json | jq -r .profile.identity.user_name",
          "take one field of it",
        ],
      ),
    )
    .action(run(getPersona));
};

async function getPersona({ output, signal, openClient }: Context, id: string): Promise<void> {
  const client = await openClient();
  const answer = await client.getProfile(id, { signal, isFresh: true });
  if (!answer) throw noSuchPersona(id);
  if (output.isJson) await output.json(answer.profile);
  else {
    const lines = JSON.stringify(answer.profile, null, 2).split("\n");
    await output.line(lines.map(withoutControls).join("\n"));
  }
}

export function noSuchPersona(id: string): CliError {
  return new CliError("profile_not_found", `There is no persona ${id}.`, {
    exitCode: exitCodes.notFound,
    hint: "`npx hi list` shows those there are.",
  });
}
