/** The audit log, as everything that has something to enter sees it. `docs/audit.md` says how it is kept. */
import type { AuditDetail, AuditSubjectKind } from "@hi-stranger/core/contract/audit";
import type { AuditAction, AuditOutcome } from "@hi-stranger/core/contract/audit-words";
import type { PendingStatement } from "../stores/audit-ports.ts";
import type { Anonymous, Operator, Person, TokenHolder } from "../policy/principal.ts";

/** Who did it: any principal, or the system by a job of its own. */
export type AuditActor =
  | Anonymous
  | Operator
  | Pick<TokenHolder, "kind" | "tokenId">
  | Pick<Person, "kind" | "personId">
  | { readonly kind: "system" };

/** What it was done to; its id stands in the log as `auditSubjects` says. */
export interface AuditSubject {
  readonly kind: AuditSubjectKind;
  readonly id: string;
}

/** Something that is about to happen. */
export interface AuditAct {
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly subject: AuditSubject | null;
  /** Numbers and words of closed lists, never free text. */
  readonly detail: AuditDetail;
}

/** Something that happened. */
export interface AuditEvent extends AuditAct {
  readonly outcome: AuditOutcome;
}

export interface AuditLog {
  /**
   * Enters what happened; it stands in the log once this resolves. Whoever calls tells nobody of a
   * success before.
   *
   * @throws {StoreError} `store_unavailable`
   */
  append(event: AuditEvent): Promise<void>;
  /**
   * The same for what anybody can cause at will: of events that say the same by the same caller, the
   * first of an hour is entered at once, and the others as one, whose `count` is how many they were.
   *
   * @throws {StoreError} `store_unavailable`
   */
  appendCounted(event: AuditEvent): Promise<void>;
  /**
   * Notes what is about to happen, does it, and enters how it ended: `refused` or `failed` when it
   * throws, as the error's status says. When it can't be noted, nothing is done. When the process is
   * killed in between, the hourly job enters it as `unknown`.
   *
   * @throws {StoreError} `store_unavailable`, and whatever `act` throws
   */
  during<Result>(act: AuditAct, perform: () => Promise<Result>): Promise<Result>;
  /** Puts an event into words, to be noted in one transaction with what it tells of. */
  prepare(event: AuditEvent): Promise<PendingStatement>;
  /** Enters a statement that was noted. Where that fails, the hourly job does it. @throws {StoreError} */
  enter(statement: PendingStatement): Promise<void>;
}
