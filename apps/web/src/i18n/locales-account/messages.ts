/** The shape of the files here, taken from the English one. */
import type { MessagesLike } from "../messages.ts";
import type { enAccount } from "./en.ts";

export type AccountMessages = MessagesLike<typeof enAccount>;
