import { readProfileLine } from "../../src/schema/profile-line.ts";
import { userProfileSchema } from "../../src/schema/user-profile.ts";
import { fullPersona, leanPersona } from "../support/personas.ts";
import { describeSchema } from "./describe-schema.ts";
import { fields, objectPointers } from "./user-profile-fields.ts";

describeSchema({
  name: "user_profile.v1",
  schema: userProfileSchema,
  readLine: readProfileLine,
  fields,
  objectPointers,
  full: fullPersona(),
  lean: leanPersona(),
});
