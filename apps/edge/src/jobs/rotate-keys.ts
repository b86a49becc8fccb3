/** The job of every minute that brings rotations of keys on, whether somebody looks on or not. */
import { type RotationService, pagesPerRun } from "../services/rotations.ts";

/** Moves some pages of each rotation that is under way. Without any, it is one small query. */
export async function continueRotations(rotations: RotationService | null): Promise<void> {
  await rotations?.continueAll(pagesPerRun);
}
