/** Makes the request of a shard: its body, its key and its checksum. */
import { toHex } from "@hi-stranger/core/codec/bytes";
import type { Shard } from "./shards.ts";

/** A shard as it is sent. */
export interface PackedShard {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly isGzip: boolean;
  readonly checksumSha256: string;
}

/** Changes when the same lines are to be sent as something else. */
const keyVersion = "hi-import-1";

/** The idempotency key of a shard: of the same lines at the same place it is always the same. */
export async function toShardKey({ bytes, shardNo }: Shard): Promise<string> {
  return `${keyVersion}:${shardNo}:${await sha256Hex(bytes)}`;
}

/** A key for the same shard in a body that was packed otherwise, as another zlib does. */
export function toPackedKey(shardKey: string, { checksumSha256 }: PackedShard): string {
  return `${shardKey}:${checksumSha256.slice(0, 16)}`;
}

export async function packShard({ bytes }: Shard, isGzip: boolean): Promise<PackedShard> {
  const body = isGzip ? await gzip(bytes) : bytes;
  return { body, isGzip, checksumSha256: await sha256Hex(body) };
}

async function gzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}
