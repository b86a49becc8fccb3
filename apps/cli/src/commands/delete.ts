/** `hi delete`: removes one persona. */
import { type AddCommand, examples } from "../command.ts";
import type { Context } from "../context.ts";
import { readProfileId } from "../option-values.ts";
import { noSuchPersona } from "./get.ts";

export const addDeleteCommand: AddCommand = (program, run) => {
  program
    .command("delete")
    .summary("delete one persona")
    .description(
      `Delete one persona, at once and for good. The token needs the scope profiles:delete, which tokens don't have unless asked for.`,
    )
    .argument("<id>", "its id", readProfileId)
    .addHelpText(
      "after",
      examples([
        "HI_TOKEN=$(npx hi token create -q --scope delete) npx hi delete usr_01fr9e4000tvjzp6hqeye1qcsa",
        "delete a persona, with a token made for it",
      ]),
    )
    .action(run(deletePersona));
};

async function deletePersona({ output, signal, openWriter }: Context, id: string): Promise<void> {
  const client = await openWriter();
  if (!(await client.deleteProfile(id, { signal }))) throw noSuchPersona(id);
  if (output.isJson) await output.json({ deleted: id });
  else output.note(`Deleted ${id}.`);
}
