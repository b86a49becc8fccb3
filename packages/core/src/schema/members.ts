/** Kinds of members that records share. Every object of a record is closed, every text is capped. */
import Type from "typebox";

/** For objects that refuse members they don't name. */
export const closed = { additionalProperties: false };

/** Text of 1 to `maxLength` code points. */
export const cappedText = (maxLength: number) => Type.String({ minLength: 1, maxLength });

/** Up to `maxItems` texts of 1 to `maxLength` code points each. */
export const texts = (maxItems: number, maxLength: number) =>
  Type.Array(cappedText(maxLength), { maxItems });

/** One of fixed values. */
export const oneOf = <const Values extends string[]>(...values: Values) =>
  Type.Enum<Values>(values);

/** Any of fixed values, each at most once. */
export const anyOf = <const Values extends string[]>(...values: Values) =>
  Type.Array(Type.Enum<Values>(values), { maxItems: values.length, uniqueItems: true });

/** How the text of a chat or message is protected: not, by keys that the server holds, or end to end. */
export const encryption = () => oneOf("none", "server", "e2ee");

/** What a record's schema says of itself; `version` is the record's `schema_version`. */
export const recordHeader = (version: string, title: string, description: string) => ({
  $schema: "https://json-schema.org/draft/2020-12/schema",
  $id: `/schemas/${version}.schema.json`,
  title,
  description,
  ...closed,
});
