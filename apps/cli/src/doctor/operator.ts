/** Checks of the operator's secret: whether the store that answers takes it. */
import { StoreError } from "@hi-stranger/core/errors";
import type { Context } from "../context.ts";
import { toCliError } from "../errors.ts";
import { describeRefusal, findOperatorSecret, isRefused } from "../operator-secret.ts";
import type { Finding } from "./check.ts";

const check = "operator";
const answerTimeoutMs = 5_000;

/** Tries the secret on something that changes nothing; no finding when none is known for this store. */
export async function checkOperator({ url, openOperator }: Context): Promise<Finding[]> {
  const secret = await findOperatorSecret(url);
  if (secret === null) return [];
  const good: Finding = { check, state: "good", text: "The store takes the operator's secret" };
  try {
    const client = await openOperator();
    await client.listTokens({ signal: AbortSignal.timeout(answerTimeoutMs) });
    return [good];
  } catch (error) {
    if (isRefused(error)) return [{ check, state: "bad", ...describeRefusal(secret, url) }];
    // The prototype has no tokens to list, which it tells the operator alone.
    if (error instanceof StoreError && error.code === "not_supported") return [good];
    return [describeFailure(error, url)];
  }
}

function describeFailure(error: unknown, url: string): Finding {
  const { message, hint } = toCliError(error, url);
  const text = `The operator's secret can't be tried. ${message.replace(/\.$/, "")}`;
  return { check, state: "bad", text, ...(hint === null ? {} : { fix: hint }) };
}
