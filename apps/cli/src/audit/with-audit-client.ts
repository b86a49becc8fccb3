/** Opens the audit log: with the token that is set, or with one that the operator's secret makes for the moment. */
import { StoreError } from "@hi-stranger/core/errors";
import { type AuditClient, createAuditClient } from "@hi-stranger/sdk/audit-client";
import type { Context } from "../context.ts";
import { CliError } from "../errors.ts";
import { exitCodes } from "../exit-codes.ts";

/** No verifying takes longer; the token is revoked as soon as it isn't needed. */
const ttlSeconds = 6 * 60 * 60;

export async function withAuditClient<Result>(
  context: Context,
  use: (client: AuditClient) => Promise<Result>,
): Promise<Result> {
  const { url, signal } = context;
  const given = await context.readToken();
  if (given !== null)
    return explainingScope(() => use(createAuditClient({ baseUrl: url, token: given })));
  const operator = await context.openOperator();
  const { token_id: id, token } = await operator.createToken(
    { name: "hi audit", scopes: ["audit:read"], ttl_seconds: ttlSeconds },
    { signal },
  );
  try {
    return await use(createAuditClient({ baseUrl: url, token }));
  } finally {
    // Without the signal, since an interrupt shall leave no token behind. It ends by itself if this fails.
    await operator.revokeToken(id).catch(() => undefined);
  }
}

/** Names the scope that is missing. */
async function explainingScope<Result>(use: () => Promise<Result>): Promise<Result> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== "scope_missing") throw error;
    throw new CliError(error.code, "The token doesn't open the audit log.", {
      exitCode: exitCodes.notAuthorised,
      hint: "Unset HI_TOKEN where the operator's secret is known, or make one that does:\n  npx hi token create --scope audit",
      cause: error,
    });
  }
}
