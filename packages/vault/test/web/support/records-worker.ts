/** A worker with the vault's stores over databases in memory, a new one for each that is asked for. */
import { createRecordSchema } from "../../../src/records/record-schema.ts";
import { createRecordStores, type RecordStores } from "../../../src/records/record-stores.ts";
import { answerCalls } from "../../../src/web/calls/answerer.ts";
import { createDisk, openOn } from "./sqlite.ts";

declare const self: DedicatedWorkerGlobalScope;

const opened: RecordStores[] = [];

answerCalls(self, async (port, method, input) => {
  if (port === "open") {
    const database = await openOn(createDisk());
    createRecordSchema(database);
    return opened.push(createRecordStores(database)) - 1;
  }
  const [number, name] = port.split("/");
  // The page only asks for what it has opened, by the names of the stores.
  const store: object = Reflect.get(opened[Number(number)] ?? {}, name ?? "") as object;
  const found = Reflect.get(store, method) as (...input: readonly unknown[]) => unknown;
  return found(...input);
});
