/** Counts what a D1 database is asked to do: every statement, those of a batch one by one. */

export interface Usage {
  readonly statements: number;
  readonly rowsRead: number;
  readonly rowsWritten: number;
}

export interface Meter {
  note(metas: readonly D1Meta[]): void;
  /** What was used since the last call. */
  take(): Usage;
}

export function createMeter(): Meter {
  let usage = { statements: 0, rowsRead: 0, rowsWritten: 0 };
  return {
    note(metas) {
      for (const { rows_read, rows_written } of metas) {
        usage.statements += 1;
        usage.rowsRead += rows_read;
        usage.rowsWritten += rows_written;
      }
    },
    take() {
      const taken = usage;
      usage = { statements: 0, rowsRead: 0, rowsWritten: 0 };
      return taken;
    },
  };
}

/** `db` with its `prepare` and `batch` on the meter; other ways in throw, so that none goes uncounted. */
export function meterDatabase(db: D1Database, meter: Meter): D1Database {
  const innerStatements = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

  function wrap(inner: D1PreparedStatement): D1PreparedStatement {
    const run = async <Row>() => {
      const result = await inner.all<Row>();
      meter.note([result.meta]);
      return result;
    };
    const statement = {
      bind: (...values: unknown[]) => wrap(inner.bind(...values)),
      run,
      all: run,
      async first(column?: string) {
        const { results } = await run<Record<string, unknown>>();
        const row = results[0] ?? null;
        return column === undefined ? row : (row?.[column] ?? null);
      },
      raw: refuse,
    } as unknown as D1PreparedStatement;
    innerStatements.set(statement, inner);
    return statement;
  }

  const metered: Record<keyof D1Database, unknown> = {
    prepare: (sql: string) => wrap(db.prepare(sql)),
    async batch<Row>(statements: D1PreparedStatement[]) {
      const results = await db.batch<Row>(
        statements.map((statement) => innerStatements.get(statement) ?? refuse()),
      );
      meter.note(results.map(({ meta }) => meta));
      return results;
    },
    exec: refuse,
    withSession: refuse,
    dump: refuse,
  };
  return metered as unknown as D1Database;
}

function refuse(): never {
  throw new Error("the meter doesn't know this way into D1");
}
