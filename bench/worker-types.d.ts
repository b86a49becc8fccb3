/** Types of the Workers runtime that shared code names as globals; the harness itself runs in Node. */
import type * as workers from "@cloudflare/workers-types/experimental";

declare global {
  type D1Database = workers.D1Database;
  type D1PreparedStatement = workers.D1PreparedStatement;
  type D1Meta = workers.D1Meta;
}
