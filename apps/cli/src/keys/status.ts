/** `hi keys status`: which keys there are, what still uses which, and what to do next. */
import type { KeyInfo, RotationInfo } from "@hi-stranger/core/contract/keys";
import type { Context } from "../context.ts";
import { formatCount, formatTable } from "../format.ts";

export async function showStatus(context: Context): Promise<void> {
  const { output, signal } = context;
  const client = await context.openOperatorClient();
  const { keys } = await client.listKeys({ signal });
  const { rotations } = await client.listKeyRotations({ signal });
  const next = nextSteps(keys, rotations);
  if (output.isJson) return output.json({ keys, rotations, next });
  const bold = (text: string) => output.style("bold", text);
  const headings = ["KEY", "VERSION", "", "USED BY", "FINGERPRINT"];
  await output.line(formatTable(headings, keys.map(toCells), bold));
  for (const rotation of rotations.filter(({ state }) => state !== "finished")) {
    await output.line(`\n${describeRotation(rotation)}`);
  }
  for (const step of next) output.note(`Next: ${step}`);
}

function toCells(key: KeyInfo): string[] {
  const state = key.is_active ? "active" : key.is_retirable ? "may retire" : "";
  const uses = key.uses === null ? "" : formatCount(key.uses);
  return [key.purpose, String(key.version), state, uses, key.fingerprint];
}

function describeRotation({
  purpose,
  state,
  done,
  total,
  ready_at: readyAt,
}: RotationInfo): string {
  if (state === "waiting") return `The rotation of ${purpose} waits until ${readyAt}.`;
  const far = `${formatCount(done)} of ${formatCount(total)}`;
  return `The rotation of ${purpose} is ${state}, at ${far}.`;
}

/** What to do now, a command each: open rotations first, then versions to use, then those to retire. */
export function nextSteps(
  keys: readonly KeyInfo[],
  rotations: readonly RotationInfo[],
): readonly string[] {
  const open = rotations.filter(({ state }) => state !== "finished").map(({ purpose }) => purpose);
  const steps = open.map((purpose) => `npx hi keys rotate ${purpose}`);
  for (const purpose of ["kek", "index"] as const) {
    if (open.includes(purpose)) continue;
    const versions = keys.filter((key) => key.purpose === purpose);
    const active = versions.find((key) => key.is_active)?.version ?? 0;
    if (versions.some(({ version }) => version > active)) {
      steps.push(`npx hi keys rotate ${purpose}`);
    }
    for (const key of versions) {
      if (key.is_retirable) steps.push(`npx hi keys retire ${purpose} ${key.version}`);
    }
  }
  return steps;
}
