/**
 * Collecting garbage on request. Node offers it only under a flag, which can be set at run time and
 * then holds for contexts made after it.
 *
 * WebCrypto's keys keep a copy of their bytes outside the engine's heap, which is overwritten when
 * they are freed, and that is when their objects are collected.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

let collect: (() => void) | null = null;

export function collectGarbage(): void {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    const exposed: unknown = runInNewContext("gc");
    if (typeof exposed !== "function") return;
    collect = () => void Reflect.apply(exposed, undefined, []);
  }
  collect();
}
