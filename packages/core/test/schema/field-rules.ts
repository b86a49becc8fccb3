/**
 * What members of records accept and refuse, written out by hand from the data description and not
 * from the schemas, so that the two are held against each other.
 */

/** A value that a field refuses, with the code and, when it is deeper, the place below the field. */
export type Refusal = readonly [value: unknown, code: string, below?: string];

export interface Rules {
  readonly accepts: readonly unknown[];
  readonly refuses: readonly Refusal[];
}

export interface Field extends Rules {
  readonly pointer: string;
  readonly isRequired: boolean;
}

export const wrongTypes = (...values: unknown[]): Refusal[] =>
  values.map((value) => [value, "type"]);

export const notStrings = wrongTypes(null, 1, true, [], {});
const notObjects = wrongTypes(null, 1, true, "x", []);

export function required(pointer: string, rules: Rules): Field {
  return { pointer, isRequired: true, ...rules };
}

export function optional(pointer: string, rules: Rules): Field {
  return { pointer, isRequired: false, ...rules };
}

export function oneOf(...values: string[]): Rules {
  const [first = ""] = values;
  const others = [
    "",
    " ",
    `${first} `,
    first.toUpperCase(),
    `${first}x`,
    first.slice(1),
    null,
    1,
    [],
  ];
  return {
    accepts: values,
    refuses: others.filter((value) => !values.includes(value as string)).map((v) => [v, "enum"]),
  };
}

export function listOf(values: readonly string[], minItems: 0 | 1): Rules {
  const [first = ""] = values;
  return {
    accepts: [
      ...values.map((value) => [value]),
      values,
      [first, first],
      ...(minItems === 0 ? [[]] : []),
    ],
    refuses: [
      ...(minItems === 1 ? [[[], "min_items"] as const] : []),
      ...wrongTypes(null, first, 1, { 0: first }),
      [[`${first}x`], "enum", "/0"],
      [[first, ""], "enum", "/1"],
      [[first, null], "enum", "/1"],
      [[[first]], "enum", "/0"],
    ],
  };
}

export const someOf = (...values: string[]) => listOf(values, 1);

export const score = (): Rules => ({
  accepts: [1, 2, 3, 4, 5],
  refuses: [
    [0, "minimum"],
    [-1, "minimum"],
    [6, "maximum"],
    [1e20, "maximum"],
    ...wrongTypes(1.5, "3", null, true, []),
  ],
});

/** A boolean. */
export const flag = (): Rules => ({
  accepts: [true, false],
  refuses: wrongTypes(null, 0, 1, "true", []),
});

/** Text of `minLength` (0 or 1) to `maxLength` code points. */
export const text = (minLength: 0 | 1, maxLength: number): Rules => ({
  accepts: [
    ...(minLength === 0 ? [""] : []),
    "x",
    " ",
    "\u0000",
    'Zoë \\ "quoted"',
    "x".repeat(maxLength),
    "😀".repeat(maxLength),
  ],
  refuses: [
    ...(minLength === 1 ? [["", "min_length"] as const] : []),
    ["x".repeat(maxLength + 1), "max_length"],
    ["😀".repeat(maxLength + 1), "max_length"],
    ...notStrings,
  ],
});

/** Up to `maxItems` texts of 1 to `maxLength` code points. */
export const texts = (maxItems: number, maxLength: number): Rules => ({
  accepts: [[], ["tea"], ["tea", "tea"], ["x".repeat(maxLength)], itemsOf(maxItems)],
  refuses: [
    [itemsOf(maxItems + 1), "max_items"],
    [[""], "min_length", "/0"],
    [["tea", "x".repeat(maxLength + 1)], "max_length", "/1"],
    [["tea", 1], "type", "/1"],
    ...wrongTypes(null, "tea", 1, { 0: "tea" }),
  ],
});

/** Any of `values`, each at most once. */
export const anyOf = (...values: string[]): Rules => {
  const [first = ""] = values;
  return {
    accepts: [[], ...values.map((value) => [value]), values, values.toReversed()],
    refuses: [
      [[first, first], "unique_items"],
      [[...values, first], "max_items"],
      [[`${first}x`], "enum", "/0"],
      [[first, null], "enum", "/1"],
      ...wrongTypes(null, first, 1, { 0: first }),
    ],
  };
};

/** A whole number from `minimum` to `maximum`. */
export const integer = (minimum: number, maximum: number): Rules => ({
  accepts: [minimum, minimum + 1, maximum],
  refuses: [
    [minimum - 1, "minimum"],
    [maximum + 1, "maximum"],
    [1e20, "maximum"],
    ...wrongTypes(minimum + 0.5, String(minimum), null, true, []),
  ],
});

/** A number from `minimum` to `maximum`. */
export const numeral = (minimum: number, maximum: number): Rules => ({
  accepts: [minimum, maximum, 0.5, 1e-7, (minimum + maximum) / 3],
  refuses: [
    [minimum - 1e-6, "minimum"],
    [maximum + 1e-6, "maximum"],
    [-1e300, "minimum"],
    [1e300, "maximum"],
    ...wrongTypes("0.5", null, true, []),
  ],
});

/** `count` texts, no two alike. */
function itemsOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `item ${index}`);
}

export const objectAt = (pointer: string, isRequired: boolean): Field => ({
  pointer,
  isRequired,
  accepts: [],
  refuses: notObjects,
});
