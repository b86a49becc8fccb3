/** Every persona of a home, or of an account, as one NDJSON file. */
import type { OpenHome } from "../state/session.ts";

const pageSize = 1000;
const newline = 10;

interface Options {
  readonly signal: AbortSignal;
  readonly onProgress: (personas: number) => void;
}

/**
 * Collects the file in blobs, so that its size is the disk's concern.
 *
 * @throws the signal's reason once it is aborted, and whatever the store throws.
 */
export async function collectExport(
  { client, store, owner }: OpenHome,
  { signal, onProgress }: Options,
): Promise<{ parts: BlobPart[]; count: number }> {
  const parts: BlobPart[] = [];
  let count = 0;
  if (owner) {
    const own = await owner.person.listOwnProfiles({ signal });
    return { parts: own.map((each) => `${JSON.stringify(each)}\n`), count: own.length };
  }
  if (client) {
    const stream = await client.exportProfiles({ signal });
    for (const reader = stream.getReader(); ;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const byte of value) if (byte === newline) count += 1;
      parts.push(new Blob([value]));
      onProgress(count);
    }
    return { parts, count };
  }
  for (let cursor: string | null = null; ;) {
    const page = await store.list({ filter: {}, cursor, limit: pageSize });
    signal.throwIfAborted();
    parts.push(new Blob(page.items.map(({ line }) => `${line}\n`)));
    count += page.items.length;
    onProgress(count);
    cursor = page.nextCursor;
    if (cursor === null) return { parts, count };
  }
}
