/** Whether the questions kept in `auth.db` are those of the header's slot Q. */
import { countQuestionRows, removeOtherQuestionRows } from "../auth/question-rows.ts";
import type { Notice } from "../notices.ts";
import type { Database } from "../ports.ts";
import type { Slots } from "../slots/slot.ts";

/** `slots`, without slot Q when its questions are gone. Questions of no slot are removed. */
export function checkedQuestions(database: Database, slots: Slots, notices: Notice[]): Slots {
  const setId = slots.questions?.setId ?? null;
  removeOtherQuestionRows(database, setId);
  if (!slots.questions || countQuestionRows(database) === slots.questions.count) return slots;
  removeOtherQuestionRows(database, null);
  notices.push("questions_void");
  return { ...slots, questions: null };
}
