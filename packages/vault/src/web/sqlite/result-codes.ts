/** The result codes of SQLite that the adapter gives or tells apart (https://sqlite.org/rescode.html). */
export const resultCodes = {
  ok: 0,
  ioError: 10,
  corrupt: 11,
  notFound: 12,
  full: 13,
  cantOpen: 14,
  notADatabase: 26,
  row: 100,
  done: 101,
  shortRead: 522,
} as const;
