import { describeSchema } from "./describe-schema.ts";
import { recordKinds } from "./record-kinds.ts";

for (const kind of recordKinds) describeSchema(kind);
