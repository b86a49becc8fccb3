import { expect, it } from "vitest";
import { tokenCommandFor } from "../../src/state/token-command.ts";

it("the command for a token names the server, unless hi looks there by itself", () => {
  const command = "npx hi token create --name web --scope read,import,delete";
  expect(tokenCommandFor("http://localhost:8788")).toBe(command);
  expect(tokenCommandFor("http://localhost:8790")).toBe(`${command} --url http://localhost:8790`);
  expect(tokenCommandFor("https://chat.example")).toBe(`${command} --url https://chat.example`);
});
