/** What an operation has to tell besides that it succeeded. */

/** What to say of each notice. */
export const noticeTexts = {
  auth_rebuilt:
    "This device had no readable sign-in data for the vault, so it was made anew. The questions are gone: set them again.",
  questions_void:
    "The questions no longer open the vault. Set them again if you want them as a way back in.",
  header_repaired:
    "One copy of the vault's header was damaged. It was written anew from the other.",
  header_rebuilt:
    "Both copies of the vault's header were damaged or changed. They were written anew from the sign-in data.",
  old_copy_accepted: "You accepted an old copy. What came after it may be missing.",
  device_record_lost:
    "What this device remembers of the vault was gone and was written anew, so an old copy put back before now wouldn't have been noticed.",
  repair_pending:
    "The change is made. A copy of it couldn't be brought up to date now; the next unlocking will do it.",
} as const satisfies Record<string, string>;

export type Notice = keyof typeof noticeTexts;
