import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { InterruptedError } from "../../src/errors.ts";
import { createTerminal } from "../../src/vault/terminal.ts";

/** A terminal whose input is what a test types, and that notes what is written and its modes. */
class TypedInput extends PassThrough {
  readonly modes: boolean[] = [];
  setRawMode(isRaw: boolean): this {
    this.modes.push(isRaw);
    return this;
  }
}

function openTerminal(hasOtherScreen = true) {
  const input = new TypedInput();
  const written: Buffer[] = [];
  /** Whether the terminal was in raw mode at each write. */
  const modesAtWrites: boolean[] = [];
  const output = {
    write(chunk: string | Uint8Array) {
      written.push(Buffer.from(chunk));
      modesAtWrites.push(input.modes.at(-1) ?? false);
    },
  };
  const controller = new AbortController();
  const terminal = createTerminal({ input, output, hasOtherScreen, signal: controller.signal });
  return {
    terminal,
    input,
    controller,
    modesAtWrites,
    shown: () => Buffer.concat(written).toString(),
  };
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}

test("a secret is read in raw mode and never written back; what was typed is wiped", async () => {
  const { terminal, input, shown } = openTerminal();
  const answer = terminal.askSecret("Passphrase: ");
  const typed = Buffer.from("geheim 🗝\x7f é\r");
  input.write(typed);
  expect(textOf(await answer)).toBe("geheim  é");
  expect(shown()).toBe("Passphrase: \n");
  expect(input.modes).toEqual([true, false]);
  expect(typed.every((byte) => byte === 0)).toBe(true);
});

test("a secret's question comes when nothing is echoed any more", async () => {
  const { terminal, input, modesAtWrites } = openTerminal();
  const answer = terminal.askSecret("Passphrase: ");
  expect(modesAtWrites).toEqual([true]);
  input.write(Buffer.from("\n"));
  await answer;
});

test("a paste of several lines answers several questions", async () => {
  const { terminal, input } = openTerminal();
  const first = terminal.askSecret("One: ");
  input.write(Buffer.from("first\nsecond\nthi"));
  expect(textOf(await first)).toBe("first");
  expect(textOf(await terminal.askSecret("Two: "))).toBe("second");
  const third = terminal.askSecret("Three: ");
  input.write(Buffer.from("rd\n"));
  expect(textOf(await third)).toBe("third");
});

test("what isn't secret is left to the terminal's own editing and echo", async () => {
  const { terminal, input } = openTerminal();
  const answer = terminal.ask("Which? ");
  input.write(Buffer.from(" 2 \n"));
  expect(await answer).toBe("2");
  expect(input.modes).toEqual([false, false]);
});

test.each([
  ["y\n", true],
  ["Yes\n", true],
  ["n\n", false],
  ["\n", false],
])("%j confirms: %s", async (typed, isConfirmed) => {
  const { terminal, input } = openTerminal();
  const answer = terminal.confirm("Sure? ");
  input.write(Buffer.from(typed));
  expect(await answer).toBe(isConfirmed);
});

test("Ctrl-C and a signal break off and give the terminal back as it was", async () => {
  const typed = openTerminal();
  const answer = typed.terminal.askSecret("Passphrase: ");
  typed.input.write(Buffer.from("half\x03"));
  await expect(answer).rejects.toBeInstanceOf(InterruptedError);
  expect(typed.input.modes).toEqual([true, false]);

  const told = openTerminal();
  const other = told.terminal.askSecret("Passphrase: ");
  told.controller.abort(new InterruptedError("SIGTERM"));
  await expect(other).rejects.toMatchObject({ signal: "SIGTERM" });
  expect(told.input.modes).toEqual([true, false]);
  expect(told.input.listenerCount("data")).toBe(0);
});

test("the end of the input is an error, not an empty answer", async () => {
  const { terminal, input } = openTerminal();
  const answer = terminal.askSecret("Passphrase: ");
  input.end();
  await expect(answer).rejects.toMatchObject({ code: "input_ended", exitCode: 2 });
});

test("what is shown apart is on a screen of its own, and gone after Enter", async () => {
  const { terminal, input, shown } = openTerminal();
  const done = terminal.showApart("The code:\n", Buffer.from("ABCD"), "\nEnter. ");
  input.write(Buffer.from("\n"));
  await done;
  const [before, apart = "", after] = shown().split(/\x1b\[\?1049[hl]/);
  expect(before).toBe("");
  expect(apart).toContain("ABCD");
  expect(after).not.toContain("ABCD");
});

test("a terminal with one screen gets no sequences", async () => {
  const { terminal, input, shown } = openTerminal(false);
  const done = terminal.showApart("The code: ", Buffer.from("ABCD"), "\n");
  input.write(Buffer.from("\n"));
  await done;
  expect(shown()).toBe("The code: ABCD\n\n");
});
