/** `hi admin`: who moderates and who administers. */
import { type Role, roles } from "@hi-stranger/core/contract/actions";
import type { RoleGrant } from "@hi-stranger/core/contract/roles";
import { type Command, InvalidArgumentError } from "commander";
import { type AddCommand, type Run, examples } from "../command.ts";
import type { Context } from "../context.ts";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatTable } from "../format.ts";
import { readChoice, readInteger } from "../option-values.ts";

interface GrantOptions {
  readonly role: Role;
  readonly emailFd?: number;
}

export const addAdminCommand: AddCommand = (program, run) => {
  const admin = program
    .command("admin")
    .summary("make people admins or moderators")
    .description(
      "Make people admins or moderators of a store, or take that from them. It takes the operator's secret, from HI_OPERATOR_SECRET or, for a store on this machine, from apps/edge/.dev.vars.",
    );
  addGrant(admin, run);
  admin
    .command("list")
    .summary("who has a role")
    .description("List who has a role, by the ids of their accounts.")
    .addHelpText("after", examples(["npx hi admin list", "all of them"]))
    .action(run(listRoles));
  admin
    .command("revoke")
    .summary("take a role from somebody")
    .description("Take a role from somebody. It ends their sessions, within 10 seconds everywhere.")
    .argument("<id>", "the account's id, such as psn_…, of `hi admin list`", readPersonId)
    .requiredOption("--role <role>", roles.join(" or "), readChoice(roles))
    .addHelpText(
      "after",
      examples(["npx hi admin revoke psn_01kbxyz1s7me5c0a2v9zwbb4fq --role admin", "an admin's"]),
    )
    .action(run(revokeRole));
};

function addGrant(admin: Command, run: Run): void {
  admin
    .command("grant")
    .summary("give somebody a role")
    .description(
      "Give the account of an e-mail address a role. The address is asked for, or read from stdin: other programs on this machine can see arguments, and the shell keeps them. Their session knows of the role within 10 minutes, or when they sign in anew.",
    )
    .requiredOption("--role <role>", roles.join(" or "), readChoice(roles))
    .option("--email-fd <n>", "read the address from a file descriptor", readInteger(0, 1_023))
    .addHelpText(
      "after",
      examples(
        ["npx hi admin grant --role admin", "type the address when it asks"],
        ["npx hi admin grant --role moderator < address.txt", "from a script"],
      ),
    )
    .action(run(grantRole));
}

async function grantRole(context: Context, { role, emailFd }: GrantOptions): Promise<void> {
  const { output, signal } = context;
  const { readAddress } = await import("../admin/read-address.ts");
  const client = await context.openOperatorClient();
  const email = await readAddress(signal, emailFd);
  const grant = await client.grantRole({ email, role }, { signal });
  if (output.isJson) return output.json(grant);
  await output.line(grant.person_id);
  output.note(`is ${describeRole(role)} now, once the session is refreshed: within 10 minutes.`);
}

async function listRoles({ output, signal, openOperatorClient }: Context): Promise<void> {
  const client = await openOperatorClient();
  const { roles: grants } = await client.listRoles({ signal });
  if (output.isJson) {
    await output.write(grants.map((grant) => `${JSON.stringify(grant)}\n`).join(""));
    return;
  }
  if (grants.length === 0) {
    output.note("Nobody has a role. Give one: npx hi admin grant --role admin");
    return;
  }
  const toCells = (grant: RoleGrant) => [
    grant.person_id,
    grant.role,
    grant.granted_at.slice(0, 10),
  ];
  const bold = (text: string) => output.style("bold", text);
  await output.line(formatTable(["ACCOUNT", "ROLE", "SINCE"], grants.map(toCells), bold));
}

async function revokeRole(
  { output, signal, openOperatorClient }: Context,
  personId: string,
  { role }: Pick<GrantOptions, "role">,
): Promise<void> {
  const client = await openOperatorClient();
  if (!(await client.revokeRole(personId, role, { signal }))) {
    throw new CliError("role_not_found", `${personId} isn't ${describeRole(role)}.`, {
      exitCode: exitCodes.notFound,
      hint: "`npx hi admin list` shows who has a role.",
    });
  }
  if (output.isJson) await output.json({ revoked: { person_id: personId, role } });
  else output.note(`${personId} isn't ${describeRole(role)} any more. Their sessions have ended.`);
}

const describeRole = (role: Role) => (role === "admin" ? "an admin" : "a moderator");

/** Takes an account's id, and warns off an address. */
function readPersonId(text: string): string {
  if (/^psn_[0-7][0-9a-hjkmnp-tv-z]{25}$/.test(text)) return text;
  throw new InvalidArgumentError(
    "An account's id is psn_ and 26 letters and digits, as `hi admin list` shows it.",
  );
}
