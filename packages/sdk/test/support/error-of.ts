import { ClientError } from "../../src/client-error.ts";

/** What a call is refused with. @throws when it isn't, or with anything else than a `ClientError` */
export async function errorOf(promise: Promise<unknown>): Promise<ClientError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ClientError)) throw new Error("expected a ClientError", { cause: error });
  return error;
}
