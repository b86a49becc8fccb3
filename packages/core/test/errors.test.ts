import { describe, expect, test } from "vitest";
import {
  type ErrorCode,
  StoreError,
  errorKindsByCode,
  isErrorCode,
  toProblem,
} from "../src/errors.ts";

const codes = Object.keys(errorKindsByCode) as ErrorCode[];

describe.each(codes)("%s", (code) => {
  const { status, title } = errorKindsByCode[code];

  test("has a status of HTTP errors and a title of one line", () => {
    expect([400, 401, 403, 404, 405, 409, 410, 413, 415, 422, 429, 500, 501, 503, 507]).toContain(
      status,
    );
    expect(title).toMatch(/^[A-Z][^\n]{5,80}[^.\n]$/);
    expect(code).toMatch(/^[a-z]+(?:_[a-z]+)*$/);
  });

  test("becomes a problem document with all its members", () => {
    expect(toProblem(new StoreError(code, "What to do."))).toEqual({
      type: `/api/docs#problem-${code}`,
      title,
      status,
      code,
      detail: "What to do.",
    });
  });
});

test("titles tell codes apart", () => {
  const titles = codes.map((code) => errorKindsByCode[code].title);
  expect(new Set(titles).size).toBe(titles.length);
});

describe("a StoreError", () => {
  test("is an error with its code, status, detail and cause", () => {
    const cause = new RangeError("below");
    const error = new StoreError("not_found", "There is no /x.", { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: "StoreError", code: "not_found", status: 404 });
    expect(error.message).toBe("There is no /x.");
    expect(error.detail).toBe("There is no /x.");
    expect(error.cause).toBe(cause);
  });

  test("keeps its cause and its headers out of the problem document", () => {
    const error = new StoreError("idempotency_in_progress", "Wait.", {
      headers: { "Retry-After": "1" },
      cause: new Error("a row of the database"),
    });
    expect(Object.keys(toProblem(error)).toSorted()).toEqual([
      "code",
      "detail",
      "status",
      "title",
      "type",
    ]);
    expect(JSON.stringify(toProblem(error))).not.toContain("a row of the database");
  });

  test("adds further members, which can't take the place of its own", () => {
    const error = new StoreError("no_valid_lines", "None of 3 lines.", {
      members: { lines_total: 3, status: 200, code: "fine", title: "", type: "", detail: "" },
    });
    expect(toProblem(error)).toEqual({
      lines_total: 3,
      type: "/api/docs#problem-no_valid_lines",
      title: "No line is valid",
      status: 422,
      code: "no_valid_lines",
      detail: "None of 3 lines.",
    });
  });
});

describe("isErrorCode", () => {
  test("knows each code", () => {
    expect(codes.every(isErrorCode)).toBe(true);
  });

  test.each([
    { value: "" },
    { value: "NOT_FOUND" },
    { value: "toString" },
    { value: "__proto__" },
    { value: null },
    { value: undefined },
    { value: 404 },
    { value: ["not_found"] },
  ])("knows no code $value", ({ value }) => {
    expect(isErrorCode(value)).toBe(false);
  });
});
