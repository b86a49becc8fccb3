/** The whole API, in the order of its reference page. */
import { listAuditCheckpoints, listAuditEntries } from "./audit-routes.ts";
import {
  getSession,
  listSessions,
  logOut,
  refreshSession,
  requestMagicLink,
  revokeSession,
  verifyMagicLink,
} from "./identity.ts";
import { changePersonalData, getPersonalData, listOwnProfiles, saveOwnProfile } from "./me.ts";
import { getImportReport, importBulk, importProfiles } from "./imports.ts";
import {
  countProfiles,
  deleteProfile,
  exportProfiles,
  getProfile,
  listProfileChanges,
  listProfiles,
} from "./profiles.ts";
import { listKeyRotations, listKeys, runKeyRotation, startKeyRotation } from "./keys.ts";
import { grantRole, listRoles, revokeRole } from "./roles.ts";
import type { Route } from "./route.ts";
import { createToken, listTokens, ping, revokeToken } from "./service.ts";

export const contract = [
  importProfiles,
  getProfile,
  listProfiles,
  countProfiles,
  listProfileChanges,
  exportProfiles,
  deleteProfile,
  getImportReport,
  importBulk,
  requestMagicLink,
  verifyMagicLink,
  refreshSession,
  logOut,
  getSession,
  listSessions,
  revokeSession,
  getPersonalData,
  changePersonalData,
  listOwnProfiles,
  saveOwnProfile,
  ping,
  createToken,
  listTokens,
  revokeToken,
  listKeys,
  startKeyRotation,
  listKeyRotations,
  runKeyRotation,
  grantRole,
  listRoles,
  revokeRole,
  listAuditEntries,
  listAuditCheckpoints,
] as const satisfies readonly Route[];
