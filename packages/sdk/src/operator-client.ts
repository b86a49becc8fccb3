/**
 * The typed client of what an operator does to a store: its keys, and who moderates and administers.
 * It fails as `client.ts` does. Addresses that it sends are never part of an error.
 */
import type { AnswerOf, BodyOf } from "@hi-stranger/core/contract/route";
import { StoreError } from "@hi-stranger/core/errors";
import type { CallOptions, CallTable, RouteOf } from "./call-table.ts";
import { type OnceOptions, createSendOnce } from "./send-once.ts";
import { type SenderOptions, createSender, drain, readJson, sendForJson } from "./transport.ts";

type RouteId =
  | "listKeys"
  | "startKeyRotation"
  | "listKeyRotations"
  | "runKeyRotation"
  | "grantRole"
  | "listRoles"
  | "revokeRole";

const calls: CallTable<RouteId> = {
  listKeys: { method: "GET", path: "/api/admin/keys" },
  startKeyRotation: { method: "POST", path: "/api/admin/keys/rotations" },
  listKeyRotations: { method: "GET", path: "/api/admin/keys/rotations" },
  runKeyRotation: { method: "POST", path: "/api/admin/keys/rotations/{id}/batches" },
  grantRole: { method: "POST", path: "/api/admin/roles" },
  listRoles: { method: "GET", path: "/api/admin/roles" },
  revokeRole: { method: "DELETE", path: "/api/admin/roles/{person}/{role}" },
};

type KeyList = AnswerOf<RouteOf<"listKeys">, 200>;
type RotationList = AnswerOf<RouteOf<"listKeyRotations">, 200>;
type StartBody = BodyOf<RouteOf<"startKeyRotation">>;
type Started = AnswerOf<RouteOf<"startKeyRotation">, 200>;
type RotationRun = AnswerOf<RouteOf<"runKeyRotation">, 200>;
type GrantBody = BodyOf<RouteOf<"grantRole">>;
type Grant = AnswerOf<RouteOf<"grantRole">, 200>;
type RoleList = AnswerOf<RouteOf<"listRoles">, 200>;

export interface OperatorClient {
  listKeys(options?: CallOptions): Promise<KeyList>;
  startKeyRotation(body: StartBody, options?: OnceOptions): Promise<Started>;
  listKeyRotations(options?: CallOptions): Promise<RotationList>;
  /** Moves some rows; to be called until the rotation is finished or stuck. */
  runKeyRotation(rotationId: string, options?: CallOptions): Promise<RotationRun>;
  grantRole(body: GrantBody, options?: CallOptions): Promise<Grant>;
  listRoles(options?: CallOptions): Promise<RoleList>;
  /** False when they haven't got it. */
  revokeRole(personId: string, role: Grant["role"], options?: CallOptions): Promise<boolean>;
}

/** Makes a client. It opens no connection before its first call. */
export function createOperatorClient(options: SenderOptions): OperatorClient {
  const send = createSender(options);
  const sendOnce = createSendOnce(send, options.pace);
  const asJson = (body: unknown) => ({
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  return {
    listKeys: (call) => sendForJson(send, { ...calls.listKeys, ...call }),
    async startKeyRotation(body, call) {
      const answer = await sendOnce({ ...calls.startKeyRotation, ...asJson(body) }, call);
      return readJson(answer, call?.signal);
    },
    listKeyRotations: (call) => sendForJson(send, { ...calls.listKeyRotations, ...call }),
    runKeyRotation: (rotationId, call) => {
      const path = calls.runKeyRotation.path.replace("{id}", encodeURIComponent(rotationId));
      return sendForJson(send, { ...calls.runKeyRotation, path, ...call });
    },
    grantRole: (body, call) => sendForJson(send, { ...calls.grantRole, ...asJson(body), ...call }),
    listRoles: (call) => sendForJson(send, { ...calls.listRoles, ...call }),
    async revokeRole(personId, role, call) {
      const path = calls.revokeRole.path
        .replace("{person}", encodeURIComponent(personId))
        .replace("{role}", encodeURIComponent(role));
      try {
        await drain(await send({ ...calls.revokeRole, path, ...call }));
        return true;
      } catch (error) {
        if (error instanceof StoreError && error.code === "role_not_found") return false;
        throw error;
      }
    },
  };
}
