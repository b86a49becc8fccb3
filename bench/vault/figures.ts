/** What one round in the browser measures. Times are milliseconds, of the median where one says so. */
export interface BrowserFigures {
  /** Floors, in a worker of their own. */
  readonly bare: {
    /** Argon2id with the parameters of the vault that is measured: the first run, and the median of later ones. */
    readonly passphraseColdMs: number;
    readonly passphraseMs: number;
    /** The same with an answer's parameters. */
    readonly answerMs: number;
    /** Rows written in one transaction of plain SQLite, and read one by one. */
    readonly writeMs: number;
    readonly readMs: number;
    /** One row in a transaction of its own, the median. */
    readonly commitMs: number;
  };
  readonly vault: {
    /** With four questions and a recovery code, in a new worker. */
    readonly setUpMs: number;
    /** Four answers checked at once, a quarter of it. */
    readonly questionMs: number;
    /** As a new page sees it, its worker loaded. */
    readonly unlockColdMs: number;
    /** The median of further ones in the same worker. */
    readonly unlockMs: number;
    /** Until a new page's worker is ready. */
    readonly loadMs: number;
    readonly writeMs: number;
    readonly readMs: number;
    readonly commitMs: number;
    /** One record, as the page asks for it, the median. */
    readonly pageReadMs: number;
  };
  /** Passes of Argon2id that this machine was found good for. */
  readonly passes: number;
  readonly rows: number;
}

/** What the worker itself measures; the rest is the page's. */
export interface WorkerFigures {
  readonly bare: Omit<BrowserFigures["bare"], "passphraseColdMs">;
  readonly vault: Pick<
    BrowserFigures["vault"],
    "setUpMs" | "questionMs" | "unlockMs" | "writeMs" | "readMs" | "commitMs"
  >;
  readonly passes: number;
}

/** Everything, or bare Argon2id as a new worker meets it. */
export type WorkerTask =
  | { readonly task: "all"; readonly rows: number }
  | { readonly task: "cold"; readonly passes: number };

export type WorkerAnswer =
  { readonly figures: WorkerFigures } | { readonly coldMs: number } | { readonly error: string };
