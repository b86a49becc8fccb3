/** An e-mail address, from a person at the terminal or from a file descriptor; never from an argument. */
import { usageError } from "../errors.ts";
import { createSecretInput } from "../vault/secret-input.ts";

const stdinFd = 0;

/** @throws {CliError} when there is none. */
export async function readAddress(signal: AbortSignal, fd: number | undefined): Promise<string> {
  const input = createSecretInput(signal);
  try {
    if (fd === undefined && input.hasTerminal) {
      return await input.terminal("Pass the address on stdin.").ask("E-mail address: ");
    }
    const line = await input.line(fd ?? stdinFd, "address");
    const address = new TextDecoder().decode(line).trim();
    line.fill(0);
    if (address === "") throw usageError("The address is empty.");
    return address;
  } finally {
    input.close();
  }
}
