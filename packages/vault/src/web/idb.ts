/** IndexedDB by promises, as far as the key store needs it. */

/** What a request answers, or its error. */
export function requestToPromise<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(toError(request.error)));
  });
}

/** Resolves when everything in `transaction` is stored, and rejects when nothing of it is. */
export function transactionToPromise(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener("complete", () => resolve());
    transaction.addEventListener("abort", () => reject(toError(transaction.error)));
  });
}

function toError(error: DOMException | null): Error {
  return error ?? new Error("IndexedDB gave up without saying why");
}
