import fc from "fast-check";
import { expect, it } from "vitest";
import { toBrowserLabel } from "../../src/http/browser-label.ts";

it.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0", "Firefox on Linux"],
  [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0",
    "Edge on Windows",
  ],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Safari on macOS",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/150.0 Mobile/15E148 Safari/604.1",
    "Chrome on iOS",
  ],
  [
    "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/30.0 Chrome/150.0 Mobile Safari/537.36",
    "Samsung Internet on Android",
  ],
  ["curl/8.9.1", "Unknown browser"],
  [null, "Unknown browser"],
])("%s is %s", (userAgent, label) => {
  expect(toBrowserLabel(userAgent)).toBe(label);
});

it("of whatever is sent, a label holds nothing but known words", () => {
  const words =
    /^(?:Unknown browser|Edge|Opera|Samsung Internet|Firefox|Chrome|Safari)(?: on (?:iOS|Android|Windows|macOS|ChromeOS|Linux))?$/;
  fc.assert(
    fc.property(
      fc.string({ unit: "binary" }),
      fc.constantFrom("", " Firefox/1 ", "Linux"),
      (text, part) => {
        expect(toBrowserLabel(text + part)).toMatch(words);
      },
    ),
  );
});
