// Compiled from the schema of message.v1 by `npm run generate`; do not edit.
import { codePointCount, isDate, isDateTime, isUri } from "../formats.ts";

function messageV1(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return -1;
  let known = 7;
  let length = 86;
  {
    const member = value.schema_version;
    if (!(member === "message.v1")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.message_id;
    if (!(typeof member === "string" && /^msg_[0-7][0-9a-hjkmnp-tv-z]{25}$/u.test(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.chat_id;
    if (!(typeof member === "string" && /^cht_[0-7][0-9a-hjkmnp-tv-z]{25}$/u.test(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.sender_id;
    if (!(typeof member === "string" && (member.length <= 128 || codePointCount(member) <= 128) && /^usr_[a-z0-9]{6,}$/u.test(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.body;
    if (!(member === null || (typeof member === "string" && member !== "" && (member.length <= 8000 || codePointCount(member) <= 8000)))) return -1;
    length += (member === null ? 4 : member.length + 2);
  }
  {
    const member = value.enc;
    if (!(member === "none" || member === "server" || member === "e2ee")) return -1;
    length += member.length + 2;
  }
  {
    const member = value.created_at;
    if (!(typeof member === "string" && isDateTime(member))) return -1;
    length += member.length + 2;
  }
  {
    const member = value.edited_at;
    if (member !== undefined) {
      known += 1;
      length += 13;
      if (!(typeof member === "string" && isDateTime(member))) return -1;
      length += member.length + 2;
    }
  }
  {
    const member = value.deleted_at;
    if (member !== undefined) {
      known += 1;
      length += 14;
      if (!(typeof member === "string" && isDateTime(member))) return -1;
      length += member.length + 2;
    }
  }
  let count = 0;
  for (const _ in value) count += 1;
  if (count !== known) return -1;
  return length;
}

export const compactLength = messageV1;
