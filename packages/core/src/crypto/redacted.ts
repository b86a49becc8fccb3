/**
 * A wrapper for secrets that text, JSON and inspectors can't look into. The one way to the value is
 * {@link reveal}, so that a search for it finds every place where a secret is used.
 */
const valuesByWrapper = new WeakMap<Redacted<unknown>, unknown>();
const shown = "[redacted]";

export class Redacted<Value> {
  /** Keeps wrappers of different values apart for the compiler alone; there is no such member. */
  declare private readonly valueType: Value;

  constructor(value: Value) {
    valuesByWrapper.set(this, value);
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  get [Symbol.toStringTag](): string {
    return shown;
  }

  /** What `util.inspect` of Node and workerd asks for. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return shown;
  }
}

/** The value inside. */
export function reveal<Value>(secret: Redacted<Value>): Value {
  // Only the constructor puts anything into the map, under a wrapper of the value's own type.
  return valuesByWrapper.get(secret) as Value;
}
