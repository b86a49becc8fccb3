/** Why a record was refused, in the person's language. */
import { tOr } from "./translate.ts";

interface Reason {
  readonly path: string;
  readonly errorCode: string;
  readonly message: string;
}

/** The most exact message there is: for the code at this field, for the code, or the reader's own. */
export function describeReason({ path, errorCode, message }: Reason): string {
  const name = path.split("/")[3] ?? "";
  return tOr(`reason.${errorCode}.${name}`, tOr(`reason.${errorCode}`, message));
}
