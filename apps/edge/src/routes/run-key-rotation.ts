/** `POST /api/admin/keys/rotations/{id}/batches`. */
import { runKeyRotation } from "@hi-stranger/core/contract/keys";
import { jsonAnswer } from "../http/answers.ts";
import { endpoint } from "../http/endpoint.ts";
import { pagesPerRun } from "../services/rotations.ts";

export const runKeyRotationEndpoint = endpoint(runKeyRotation, async ({ context, params }) => {
  const { rotations } = context.requireIdentity();
  const { rotation, failedSubjects } = await rotations.run(params.id, pagesPerRun);
  return jsonAnswer({ rotation, failed_subjects: failedSubjects });
});
