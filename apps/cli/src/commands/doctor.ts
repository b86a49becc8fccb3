/** `hi doctor`: what is wrong with a set-up, and what to do about it. */
import { type AddCommand, examples } from "../command.ts";
import type { Context } from "../context.ts";
import type { Finding } from "../doctor/check.ts";
import {
  checkDependencies,
  checkNode,
  checkOperatorSecret,
  checkStateFolder,
} from "../doctor/machine.ts";
import { checkOperator } from "../doctor/operator.ts";
import { checkStore } from "../doctor/store.ts";
import { checkToken } from "../doctor/token.ts";
import { toCliError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { formatCountOf } from "../format.ts";

export const addDoctorCommand: AddCommand = (program, run) => {
  program
    .command("doctor")
    .summary("find out what is wrong with a set-up")
    .description(
      `Look at this machine, the store and the token, say what is wrong in plain words and how to mend it. It changes nothing. The exit code is 1 when something is wrong.`,
    )
    .addHelpText(
      "after",
      examples(
        ["npx hi doctor", "look at the local store"],
        [
          "npx hi doctor --url https://chat.example --json",
          "look at another, for a program to read",
        ],
      ),
    )
    .action(run(examine));
};

async function examine(context: Context): Promise<ExitCode> {
  const { output } = context;
  const findings = [
    checkNode(),
    await checkDependencies(),
    await checkStateFolder(),
    await checkOperatorSecret(),
    ...(await examineStore(context)),
  ];
  const problems = findings.filter(({ state }) => state === "bad").length;
  if (output.isJson) {
    await output.json({ ok: problems === 0, url: context.url, findings });
  } else {
    await output.line(findings.map((finding) => describe(finding, context)).join("\n"));
    output.note(
      problems === 0
        ? "\nAll is well."
        : `\n${formatCountOf(problems, "thing is", "things are")} wrong.`,
    );
  }
  return problems === 0 ? exitCodes.ok : exitCodes.failed;
}

async function examineStore(context: Context): Promise<Finding[]> {
  const { findings: known, ping } = await checkStore(context.url);
  if (!ping)
    return [...known, { check: "token", state: "skipped", text: "No store to try the token on" }];
  const findings = [...known, ...(await checkOperator(context))];
  try {
    const token = await context.readToken();
    const client = await context.openClient();
    return [...findings, ...(await checkToken(client, token !== null, ping))];
  } catch (error) {
    const { message, hint } = toCliError(error, context.url);
    const text = message.replace(/\.$/, "");
    return [
      ...findings,
      { check: "token", state: "bad", text, ...(hint === null ? {} : { fix: hint }) },
    ];
  }
}

const marks = {
  good: ["green", "✓"],
  note: ["yellow", "!"],
  bad: ["red", "✗"],
  skipped: ["dim", "–"],
} as const;

function describe({ state, text, fix }: Finding, { output }: Context): string {
  const [style, mark] = marks[state];
  const line = `${output.style(style, mark)} ${text}`;
  return fix === undefined ? line : `${line}\n    ${fix}`;
}
