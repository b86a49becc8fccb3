/** Encrypting and decrypting one field of personal data, its key being known. */
import type { Benchmark } from "../lib/benchmark.ts";
import { compareSteps } from "../lib/steps.ts";

export const fieldBenchmark: Benchmark = {
  title: "encrypting and decrypting one field",
  floorTitle: "AES-256-GCM with base64url around it",
  run: (options) => compareSteps({ subject: "field", floor: "aes-gcm", maxRatio: 2 }, options),
};
