/** What `hi` ends with. Scripts rely on these, so a number never changes its meaning. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  linesRefused: 3,
  notAuthorised: 4,
  unreachable: 5,
  notFound: 6,
  vaultLocked: 7,
  lockedOut: 8,
  damaged: 9,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const meanings: readonly (readonly [ExitCode, string])[] = [
  [exitCodes.ok, "done"],
  [exitCodes.failed, "failed, or `hi doctor` found something wrong"],
  [exitCodes.usage, "the command line is wrong"],
  [exitCodes.linesRefused, "imported, but some lines were refused"],
  [exitCodes.notAuthorised, "no token or secret, or one that doesn't open this"],
  [exitCodes.unreachable, "the store, the vault or its key store can't be reached"],
  [exitCodes.notFound, "there is no such persona, token, vault or entry of it"],
  [exitCodes.vaultLocked, "the vault is locked"],
  [exitCodes.lockedOut, "too many failed attempts on the vault: wait"],
  [exitCodes.damaged, "the vault, a bundle or the audit log is damaged, changed or an old copy"],
  [exitCodes.interrupted, "interrupted by Ctrl-C (143 when terminated)"],
];

/** The table of `hi --help`. */
export function describeExitCodes(): string {
  const rows = meanings.map(([code, meaning]) => `  ${String(code).padEnd(4)} ${meaning}`);
  return ["Exit codes:", ...rows].join("\n");
}
