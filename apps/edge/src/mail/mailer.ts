/** The port that mail goes out by. What a mail says is never logged, and kept in no store. */

export interface Mail {
  readonly to: string;
  readonly subject: string;
  /** Plain text, with the link in it. */
  readonly text: string;
  readonly link: string;
  readonly token: string;
}

export interface Mailer {
  /** @throws {StoreError} `store_unavailable` where no mail can go out at all, and why. */
  requireSender(): void;
  /** Hands a mail over. @throws {StoreError} `store_unavailable` when nobody takes it. */
  send(mail: Mail): Promise<void>;
}
