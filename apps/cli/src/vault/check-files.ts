/** `hi vault check`: which parts of a vault are there and whole. Opens nothing. */
import { type CopyCheck, type VaultCheck, checkVault } from "@hi-stranger/vault/check";
import { VaultError } from "@hi-stranger/vault/vault-error";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { describeDeviceKey } from "./status.ts";
import type { VaultContext } from "./vault-context.ts";
import type { VaultPlace } from "./vault-place.ts";

/** Says of each part whether it is whole. The exit code tells scripts. */
export async function showCheck({ output, place }: VaultContext): Promise<ExitCode> {
  const check = await checkVault(await place.openPlatform());
  if (!check.header) throw new VaultError("no_vault");
  const parts = listParts(place, check);
  if (output.isJson) {
    await output.json({ vault: place.folder, is_whole: check.isWhole, parts });
  } else {
    const marks = { true: ["green", "✓"], false: ["red", "✗"] } as const;
    const lines = parts.map(({ part, isWhole, text }) => {
      const [style, mark] = marks[`${isWhole}`];
      return `${output.style(style, mark)} ${part}: ${text}`;
    });
    await output.line(lines.join("\n"));
    output.note(
      check.isWhole
        ? "\nAll is there and whole. What is inside the databases shows when they are opened."
        : "\nUnlock the vault: what can be mended is mended then. Otherwise put a copy back, or import a bundle.",
    );
  }
  return check.isWhole ? exitCodes.ok : exitCodes.damaged;
}

interface PartCheck {
  readonly part: string;
  readonly isWhole: boolean;
  readonly text: string;
}

function listParts(place: VaultPlace, check: VaultCheck): PartCheck[] {
  const { header, hasAuthDatabase, hasVaultDatabase, deviceKey } = check;
  const copies = (header?.copies ?? []).map((copy, index) => ({
    part: `header, copy ${index + 1}`,
    isWhole: copy.state === "whole",
    text: describeCopy(copy),
  }));
  const { isIdentityWhole = false, isConsistent = false } = header ?? {};
  const there = (isThere: boolean) => (isThere ? "there" : "missing");
  return [
    ...copies,
    {
      part: "header, as a whole",
      isWhole: isConsistent,
      text: isConsistent
        ? "its parts agree"
        : "its parts differ, by a change cut short or by somebody",
    },
    {
      part: "header, identity",
      isWhole: isIdentityWhole,
      text: isIdentityWhole ? "whole" : "damaged",
    },
    { part: "auth.db", isWhole: hasAuthDatabase, text: there(hasAuthDatabase) },
    { part: "vault.db", isWhole: hasVaultDatabase, text: there(hasVaultDatabase) },
    {
      part: "device key",
      isWhole: deviceKey === "present",
      text: describeDeviceKey(place, check),
    },
  ];
}

function describeCopy(copy: CopyCheck): string {
  switch (copy.state) {
    case "whole":
      return `whole, generation ${copy.generation}`;
    case "damaged":
      return "damaged";
    case "refused":
      return copy.code === "newer_version"
        ? "written by a later version of Hi Stranger"
        : "refused: its key derivation is out of bounds";
  }
}
