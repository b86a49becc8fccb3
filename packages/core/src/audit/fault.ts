/** What can be wrong with an audit log. */

export type AuditFaultCode =
  | "entry_changed"
  | "entry_missing"
  | "order_broken"
  | "start_missing"
  | "end_missing"
  | "checkpoint_mismatch"
  | "checkpoint_missing"
  | "signature_invalid";

/** What is wrong, and with which entry and day. */
export class AuditFault extends Error {
  override readonly name = "AuditFault";
  readonly code: AuditFaultCode;
  /** The first entry that isn't what it should be; null when it is about a checkpoint alone. */
  readonly seq: number | null;
  readonly day: string | null;

  constructor(
    code: AuditFaultCode,
    message: string,
    seq: number | null,
    day: string | null = null,
  ) {
    super(message);
    this.code = code;
    this.seq = seq;
    this.day = day;
  }
}
