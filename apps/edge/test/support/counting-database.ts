/** `db`, noting for each of its statements, batched or not, the rows that it read. */
export function countingDatabase(db: D1Database): { db: D1Database; rowsRead: number[] } {
  const rowsRead: number[] = [];
  const note = <Result extends D1Result>(result: Result): Result => {
    rowsRead.push(result.meta.rows_read);
    return result;
  };
  const wrap = (statement: D1PreparedStatement): D1PreparedStatement =>
    new Proxy(statement, {
      get(target, name) {
        if (name === "bind") return (...values: unknown[]) => wrap(target.bind(...values));
        if (name === "all" || name === "run") return async () => note(await target.all());
        if (name === "first") {
          return async () => note(await target.all()).results[0] ?? null;
        }
        if (name === "unwrapped") return target;
        return Reflect.get(target, name) as unknown;
      },
    });
  const counting = new Proxy(db, {
    get(target, name) {
      if (name === "prepare") return (sql: string) => wrap(target.prepare(sql));
      if (name === "batch") {
        return async (statements: (D1PreparedStatement & { unwrapped: D1PreparedStatement })[]) =>
          (await target.batch(statements.map(({ unwrapped }) => unwrapped))).map(note);
      }
      return Reflect.get(target, name) as unknown;
    },
  });
  return { db: counting, rowsRead };
}
