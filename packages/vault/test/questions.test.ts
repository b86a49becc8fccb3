import { expect, test } from "vitest";
import { checkQuestions } from "../src/questions.ts";
import { utf8 } from "./support/temp-vault.ts";

const catalogue = [
  { id: 1, text: "What was the name of your first pet?" },
  { id: 2, text: "What city were you born in?" },
];
const pet = { predefinedId: 1, answer: utf8("Biscuit") };
const city = { predefinedId: 2, answer: utf8("Lisbon") };
const own = { customText: "Which tree stood by the gate?", answer: utf8("a linden") };

function reasons(questions: Parameters<typeof checkQuestions>[0]["questions"], threshold?: number) {
  try {
    checkQuestions(threshold === undefined ? { questions } : { questions, threshold }, catalogue);
    return [];
  } catch (error) {
    return (error as { reasons?: unknown }).reasons;
  }
}

test("questions of the catalogue get their texts, and all answers must be right unless told otherwise", () => {
  expect(checkQuestions({ questions: [pet, own] }, catalogue)).toEqual({
    questions: [
      { text: catalogue[0]?.text, type: "predefined", answer: pet.answer },
      { text: own.customText, type: "custom", answer: own.answer },
    ],
    threshold: 2,
  });
});

test.each([
  ["one question", [pet], undefined, ["wrong_count", "wrong_threshold"]],
  ["a threshold of one", [pet, city], 1, ["wrong_threshold"]],
  ["a threshold above the count", [pet, city], 3, ["wrong_threshold"]],
  ["a question of no catalogue", [pet, { ...city, predefinedId: 9 }], 2, ["unknown_question"]],
  [
    "a question of nine characters",
    [pet, { ...own, customText: " 123456789 " }],
    2,
    ["question_too_short"],
  ],
  [
    "a question of 301 characters",
    [pet, { ...own, customText: "a".repeat(301) }],
    2,
    ["question_too_long"],
  ],
  ["the same question twice", [pet, { ...pet, answer: utf8("Other") }], 2, ["same_question_twice"]],
  [
    "the same question in other letters",
    [own, { customText: own.customText.toUpperCase(), answer: utf8("an elm") }],
    2,
    ["same_question_twice"],
  ],
  [
    "an answer of two characters",
    [pet, { ...city, answer: utf8("  ab ") }],
    2,
    ["answer_too_short"],
  ],
  [
    "the same answer twice, typed otherwise",
    [pet, { ...city, answer: utf8(" BISCUIT") }],
    2,
    ["same_answer_twice"],
  ],
  [
    "an answer that is no text",
    [pet, { ...city, answer: Uint8Array.of(0xff) }],
    2,
    ["answer_unusable"],
  ],
])("%s is told as that", (_, questions, threshold, expected) => {
  expect(reasons(questions, threshold)).toEqual(expected);
});
