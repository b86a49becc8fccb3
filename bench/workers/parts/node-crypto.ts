/** A Worker that makes one digest with Node's interface. */
import { createHash } from "node:crypto";

export default {
  fetch: () => new Response(createHash("sha256").update("hello").digest("hex")),
} satisfies ExportedHandler;
