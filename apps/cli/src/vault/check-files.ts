/** `hi vault check`: which parts of a vault are there and whole. Takes no secret. */
import {
  type CopyCheck,
  type HeaderCheck,
  type VaultCheck,
  checkVault,
} from "@hi-stranger/vault/check";
import { VaultError, isVaultError } from "@hi-stranger/vault/vault-error";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { describeDeviceKey } from "./status.ts";
import type { VaultContext } from "./vault-context.ts";
import type { VaultPlace } from "./vault-place.ts";

/** Says of each part whether it is whole. The exit code tells scripts. */
export async function showCheck({ output, place }: VaultContext): Promise<ExitCode> {
  const check = await checkVault(await place.openPlatform());
  if (!check.header) await requireDatabases(place);
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
    output.note(`\n${adviceFor(check)}`);
  }
  return check.isWhole ? exitCodes.ok : exitCodes.damaged;
}

function adviceFor({ isWhole, header }: VaultCheck): string {
  if (isWhole) {
    return "All is there and whole. What is inside vault.db shows when it is opened.";
  }
  return header
    ? "Unlock the vault: what can be mended is mended then. Otherwise put a copy back, or import a bundle."
    : "Without its header a vault doesn't open. Put a copy of it back, or import a bundle into another vault.";
}

/** @throws {VaultError} `no_vault` where there is nothing of a vault. */
async function requireDatabases(place: VaultPlace): Promise<void> {
  try {
    if (!(await place.hasVault())) throw new VaultError("no_vault");
  } catch (error) {
    // The parts say so, each for itself.
    if (!isVaultError(error, "damaged")) throw error;
  }
}

interface PartCheck {
  readonly part: string;
  readonly isWhole: boolean;
  readonly text: string;
}

function listParts(place: VaultPlace, check: VaultCheck): PartCheck[] {
  const { header, authDatabase, vaultDatabase, deviceKey } = check;
  return [
    ...(header ? listHeader(header) : [{ part: "header", isWhole: false, text: "missing" }]),
    toPart("auth.db", authDatabase),
    toPart("vault.db", vaultDatabase),
    {
      part: "device key",
      isWhole: deviceKey === "present",
      text: describeDeviceKey(place, check),
    },
  ];
}

function toPart(part: string, state: VaultCheck["authDatabase"]): PartCheck {
  // What wasn't read may be damaged inside; nothing is to be seen of it.
  const text = state === "unread" ? "there" : state;
  return { part, isWhole: state === "whole" || state === "unread", text };
}

function listHeader({ copies, isConsistent, isIdentityWhole }: HeaderCheck): PartCheck[] {
  return [
    ...copies.map((copy, index) => ({
      part: `header, copy ${index + 1}`,
      isWhole: copy.state === "whole",
      text: describeCopy(copy),
    })),
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
