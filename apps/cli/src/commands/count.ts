/** `hi count`: how many personas there are. */
import { type AddCommand, examples } from "../command.ts";
import type { Context } from "../context.ts";

export const addCountCommand: AddCommand = (program, run) => {
  program
    .command("count")
    .summary("how many personas there are")
    .description("Print how many personas the store holds.")
    .addHelpText(
      "after",
      examples(["npx hi count", "a number alone"], ["hi count --json", '{"total":1000}']),
    )
    .action(run(countPersonas));
};

async function countPersonas({ output, signal, openClient }: Context): Promise<void> {
  const client = await openClient();
  const total = await client.countProfiles({ signal });
  if (output.isJson) await output.json({ total });
  else await output.line(String(total));
}
