/**
 * Records of each version of each schema that was ever released. Stores hold such records, so the
 * files are never changed: a new version brings a new file.
 */
import { describe, expect, test } from "vitest";
import { chunkSource } from "../../src/codec/byte-source.ts";
import { toHex } from "../../src/codec/bytes.ts";
import { readLines } from "../../src/codec/ndjson.ts";
import { readChatMetaLine } from "../../src/schema/chat-meta-line.ts";
import { readMessageLine } from "../../src/schema/message-line.ts";
import { readPolicyStateLine } from "../../src/schema/policy-state-line.ts";
import { readProfileLine } from "../../src/schema/profile-line.ts";
import chatMetaV1 from "../fixtures/chat_meta.v1.ndjson?raw";
import messageV1 from "../fixtures/message.v1.ndjson?raw";
import policyStateV1 from "../fixtures/policy_state.v1.ndjson?raw";
import userProfileV1 from "../fixtures/user_profile.v1.ndjson?raw";
import { iterate, toBytes } from "../support/byte-streams.ts";
import { valueAt } from "../support/change.ts";
import { chatMetaFields } from "./chat-meta-fields.ts";
import { messageFields } from "./message-fields.ts";
import { policyStateFields } from "./policy-state-fields.ts";
import { fields as userProfileFields } from "./user-profile-fields.ts";

const released = [
  {
    version: "user_profile.v1",
    text: userProfileV1,
    sha256: "b63f16dcfe7151a31c98b7175218a934884a83076ed3178f61a4d63448fef5a0",
    readLine: readProfileLine,
    member: "profile",
    fields: userProfileFields,
  },
  {
    version: "chat_meta.v1",
    text: chatMetaV1,
    sha256: "64407a2f7b6548eb9d3bc246b9084094200ad1ffa2d57e85fed7ce4b89741e3d",
    readLine: readChatMetaLine,
    member: "record",
    fields: chatMetaFields,
  },
  {
    version: "policy_state.v1",
    text: policyStateV1,
    sha256: "0a5092a41ceb73db9b51974cca4f7cf260e10c435ae103c2152a934f181bd9dd",
    readLine: readPolicyStateLine,
    member: "record",
    fields: policyStateFields,
  },
  {
    version: "message.v1",
    text: messageV1,
    sha256: "baba024fb3e4e2094d59a95a70aa5f760686045d0d59b7505d5939446fe36785",
    readLine: readMessageLine,
    member: "record",
    fields: messageFields,
  },
] as const;

async function readFixture(text: string): Promise<string[]> {
  const lines: string[] = [];
  const source = chunkSource(iterate([toBytes(text)]));
  for await (const batch of readLines(source, { maxTotalBytes: 1_000_000 })) {
    lines.push(...batch.lines.filter((line) => typeof line === "string"));
  }
  return lines;
}

describe.each(released)("$version", ({ text, sha256, readLine, member, fields }) => {
  test("its records are those that were released", async () => {
    const digest = await crypto.subtle.digest("SHA-256", toBytes(text));
    expect(toHex(new Uint8Array(digest))).toBe(sha256);
  });

  test("each of its records is read, and written byte for byte as it was", async () => {
    const lines = await readFixture(text);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.map((line) => readLine(line))).toEqual(
      lines.map((line) => ({ [member]: JSON.parse(line) as unknown, line })),
    );
    expect(`${lines.join("\n")}\n`).toBe(text);
  });

  describe("its records cover every option:", () => {
    const records = text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);

    test.each(fields.filter(({ isRequired }) => !isRequired))(
      "$pointer is there and is missing",
      ({ pointer }) => {
        const isThere = records.map((record) => valueAt(record, pointer) !== undefined);
        expect(new Set(isThere)).toEqual(new Set([true, false]));
      },
    );

    const closedLists = fields.filter(
      ({ refuses, accepts }) =>
        refuses.some(([, code]) => code === "enum" || code === "maximum") &&
        accepts.every((value) => typeof value !== "number" || (value >= -1 && value <= 5)) &&
        accepts.every((value) => typeof value !== "number" || Number.isInteger(value)),
    );

    test.each(closedLists)("$pointer has each of its values", ({ pointer, accepts }) => {
      const used = new Set(records.flatMap((record) => valueAt(record, pointer)));
      for (const value of accepts.flat()) expect(used).toContain(value);
    });
  });
});
