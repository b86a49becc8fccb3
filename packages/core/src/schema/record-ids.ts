/** The ids of records as schemas check them; `codec/ids.ts` makes them. */
import Type from "typebox";

/** What an imported profile id looks like; ids that we make ourselves have 26 characters after the prefix. */
const profileIdPattern = "^usr_[a-z0-9]{6,}$";
/** Longest profile id: every store and address can carry it. */
const profileIdMaxLength = 128;
/** 26 characters of Crockford base32 hold 130 bits, of which the first two are zero. */
const madeIdTail = "_[0-7][0-9a-hjkmnp-tv-z]{25}$";

/** A persona's id: ours, or one that came with an import and is kept. */
export const profileId = () =>
  Type.String({ pattern: profileIdPattern, maxLength: profileIdMaxLength });

/** A person's id. */
export const personId = () => Type.String({ pattern: `^psn${madeIdTail}` });

/** A chat's id. */
export const chatId = () => Type.String({ pattern: `^cht${madeIdTail}` });

/** A message's id. */
export const messageId = () => Type.String({ pattern: `^msg${madeIdTail}` });
