import { expect, it } from "vitest";
import { createRefusedLog, maxSamples } from "../../src/transfer/refused-log.ts";

const error = { path: "/profile", errorCode: "required", message: "is required" };

it("keeps every line for the file and the first ones for the table", async () => {
  const log = createRefusedLog();
  const count = 5 * maxSamples;
  const text = "x".repeat(2000);
  for (let lineNo = 1; lineNo <= count; lineNo++) {
    log.add({ lineNo, text: `${lineNo} ${text}`, errors: [error, error] });
  }
  expect(log.count).toBe(count);
  expect(log.samples).toHaveLength(maxSamples);
  const lines = (await new Blob(log.linesFile()).text()).split("\n");
  expect(lines).toHaveLength(count + 1);
  expect(lines[count - 1]).toBe(`${count} ${text}`);
  const errors = JSON.parse(`[${await new Blob(log.errorsJson()).text()}]`);
  expect(errors).toHaveLength(2 * count);
  expect(errors[0]).toEqual({
    line_no: 1,
    path: "/profile",
    error_code: "required",
    message: "is required",
  });
});

it("its files can be taken more than once", async () => {
  const log = createRefusedLog();
  log.add({ lineNo: 1, text: "a", errors: [error] });
  expect(await new Blob(log.linesFile()).text()).toBe("a\n");
  log.add({ lineNo: 2, text: "b", errors: [error] });
  expect(await new Blob(log.linesFile()).text()).toBe("a\nb\n");
});
