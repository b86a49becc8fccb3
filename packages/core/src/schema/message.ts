/**
 * `message.v1`: what somebody said in a chat.
 *
 * `body` is text, or in an end-to-end encrypted chat (`enc` = `e2ee`) the envelope around it as
 * base64url, and null once the message was deleted. Both have one cap of 8,000 code points: an
 * envelope that fits holds about 5,900 bytes of text. `enc` tells how the body is protected where it
 * is stored; with `server` it travels in the clear between the two ends of a secure connection. The
 * TypeBox schema below is the JSON Schema (draft 2020-12) served at
 * `/schemas/message.v1.schema.json`.
 */
import Type from "typebox";
import { instant } from "./formats.ts";
import { cappedText, encryption, recordHeader } from "./members.ts";
import { chatId, messageId, profileId } from "./record-ids.ts";

export const messageVersion = "message.v1";

/** Longest body, in code points. */
const maxBodyLength = 8000;

export const messageSchema = Type.Object(
  {
    schema_version: Type.Literal(messageVersion),
    message_id: messageId(),
    chat_id: chatId(),
    sender_id: profileId(),
    body: Type.Union([cappedText(maxBodyLength), Type.Null()]),
    enc: encryption(),
    created_at: instant(),
    edited_at: Type.Optional(instant()),
    deleted_at: Type.Optional(instant()),
  },
  recordHeader(
    messageVersion,
    "Message",
    "A message in a chat of Hi Stranger. Its body is null once it was deleted.",
  ),
);

/** A message as it travels and is stored. */
export type Message = Type.Static<typeof messageSchema>;
