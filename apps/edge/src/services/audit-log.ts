/** The audit log: puts events into words, checks that these are words of the closed lists, and has them entered. */
import { canonicalDetail } from "@hi-stranger/core/audit/entry";
import type { Clock } from "@hi-stranger/core/clock";
import type { Id } from "@hi-stranger/core/codec/ids";
import { auditDetailSchema } from "@hi-stranger/core/contract/audit";
import type { AuditOutcome } from "@hi-stranger/core/contract/audit-words";
import { StoreError } from "@hi-stranger/core/errors";
import { listViolations } from "@hi-stranger/core/schema/violations";
import type { AuditLogStore, AuditStatement } from "../stores/audit-ports.ts";
import type { AuditAct, AuditEvent, AuditLog } from "./audit.ts";
import type { AuditNames } from "./audit-pseudonyms.ts";
import type { AuditWriter } from "./audit-writer.ts";
import { createCountedEntries } from "./counted-entries.ts";

export interface AuditLogOptions {
  readonly store: AuditLogStore;
  readonly writer: AuditWriter;
  readonly names: AuditNames;
  readonly clock: Clock;
  readonly newId: (prefix: "evt") => Id<"evt">;
}

export function createAuditLog({ store, writer, names, clock, newId }: AuditLogOptions): AuditLog {
  async function wordsOf(act: AuditAct): Promise<Omit<AuditStatement, "outcome">> {
    const [violation] = listViolations(auditDetailSchema, act.detail);
    // The compiler has checked it; this is for what a cast or a plain object might bring along.
    if (violation) throw new TypeError(`audit detail ${violation.path} ${violation.message}`);
    return {
      actor: await names.ofActor(act.actor),
      action: act.action,
      subject: act.subject && (await names.ofSubject(act.subject)),
      detail: canonicalDetail(act.detail),
    };
  }

  async function append({ outcome, ...act }: AuditEvent): Promise<void> {
    await writer.write({ ...(await wordsOf(act)), outcome }, null);
  }

  const counted = createCountedEntries({ clock, append });

  return {
    append,

    async appendCounted(event) {
      const { actor, action, subject, detail } = await wordsOf(event);
      const key = JSON.stringify([actor, action, subject, event.outcome, detail]);
      await counted.note(key, event);
    },

    async during(act, perform) {
      const words = await wordsOf(act);
      const pendingId = newId("evt");
      await store.note({ ...words, pendingId, notedAtMs: clock.now(), outcome: null });
      let result: Awaited<ReturnType<typeof perform>>;
      try {
        result = await perform();
      } catch (error) {
        const entering = writer.write({ ...words, outcome: outcomeOf(error) }, pendingId);
        // It is noted: if this fails too, the job enters it, and what went wrong first is what is told.
        await entering.catch(() => undefined);
        throw error;
      }
      await writer.write({ ...words, outcome: "done" }, pendingId);
      return result;
    },

    async prepare({ outcome, ...act }) {
      const words = await wordsOf(act);
      return { ...words, outcome, pendingId: newId("evt"), notedAtMs: clock.now() };
    },

    async enter({ pendingId, actor, action, subject, outcome, detail }) {
      const statement = { actor, action, subject, outcome: outcome ?? "unknown", detail };
      await writer.write(statement, pendingId);
    },
  };
}

/** How an act that threw has ended. */
export function outcomeOf(error: unknown): AuditOutcome {
  return error instanceof StoreError && error.status < 500 ? "refused" : "failed";
}
