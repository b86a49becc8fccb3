/** Changing one place of a JSON value, named by its JSON Pointer (RFC 6901). */

type Container = Record<string, unknown>;

/** A copy of `value` with `replacement` at `pointer`; without one, the place is taken out. */
export function changeAt<Value>(value: Value, pointer: string, replacement?: unknown): Value {
  const copy = structuredClone(value);
  const tokens = pointer.split("/").slice(1);
  const name = tokens.pop() ?? "";
  let place = copy as Container;
  for (const token of tokens) place = place[token] as Container;
  if (replacement === undefined) delete place[name];
  else place[name] = replacement;
  return copy;
}

/** What stands at `pointer`, or undefined. */
export function valueAt(value: unknown, pointer: string): unknown {
  let place = value;
  for (const token of pointer.split("/").slice(1))
    place = (place as Container | undefined)?.[token];
  return place;
}
