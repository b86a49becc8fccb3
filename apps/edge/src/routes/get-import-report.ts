/** `GET /api/profiles/report`. */
import { getImportReport } from "@hi-stranger/core/contract/imports";
import { StoreError } from "@hi-stranger/core/errors";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";

export const getImportReportEndpoint = endpoint(getImportReport, async ({ context, query }) => {
  const report = await context.imports.report(query.id);
  if (!report)
    throw new StoreError("report_not_found", "No such import, or it is over 30 days old.");
  return jsonAnswer(report);
});
