/** Requests to the product's API. */
import { randomUUID } from "node:crypto";
import { requiredPurposes } from "@hi-stranger/core/consent/statements";
import { scopes } from "@hi-stranger/core/contract/actions";
import type { ImportReport } from "@hi-stranger/core/contract/imports";
import { createClient } from "@hi-stranger/sdk/client";
import { request } from "undici";
import type { Usage } from "../workers/meter.ts";

/** A token that opens everything but the operator's routes. */
export async function createToken(baseUrl: string, operatorSecret: string): Promise<string> {
  const client = createClient({ baseUrl, token: operatorSecret });
  const { token } = await client.createToken({ name: "bench", scopes: [...scopes] });
  return token;
}

/** Sends one NDJSON body with its length and an idempotency key. @throws unless every line is stored. */
export async function importBody(
  baseUrl: string,
  token: string,
  body: Buffer,
  headers: Record<string, string> = {},
): Promise<ImportReport> {
  const answer = await request(`${baseUrl}/api/profiles/import`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/x-ndjson",
      "Content-Length": String(body.length),
      "Idempotency-Key": randomUUID(),
      ...headers,
    },
    body,
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) {
    throw new Error(`the import answered ${answer.statusCode}: ${text.slice(0, 500)}`);
  }
  return JSON.parse(text) as ImportReport;
}

/** Makes an account for `email`. One at a time: it takes the newest mail. */
export async function signUp(baseUrl: string, email: string): Promise<void> {
  const post = async (path: string, body: object) => {
    const headers = { "Content-Type": "application/json", Origin: baseUrl };
    const content = JSON.stringify(body);
    const answer = await request(`${baseUrl}${path}`, { method: "POST", headers, body: content });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
  };
  await post("/api/auth/magic-link", { email });
  const headers = { Accept: "application/json" };
  const mailbox = await request(`${baseUrl}/dev/mailbox`, { headers });
  const [mail] = (await mailbox.body.json()) as { to: string; token: string }[];
  if (mail?.to !== email) throw new Error("the mail with the link isn't there");
  // The link is opened in a browser that didn't ask for it.
  const { token } = mail;
  await post("/api/auth/verify", { token, confirmed: true, consents: requiredPurposes });
}

/** What a metered Worker has used since it was last asked. */
export async function takeUsage(baseUrl: string): Promise<Usage> {
  const answer = await request(`${baseUrl}/__meter`);
  return (await answer.body.json()) as Usage;
}
