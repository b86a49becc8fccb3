import { beforeEach, expect, it } from "vitest";
import {
  ageToasts,
  dismissToast,
  showToast,
  takeAction,
  takeNewestAction,
  toasts,
} from "../../src/state/toasts.ts";

const texts = () => toasts.value.map(({ text }) => text);

beforeEach(() => {
  toasts.value = [];
});

it("an action can be taken once", () => {
  let count = 0;
  const run = () => {
    count += 1;
  };
  showToast({ text: "deleted", tone: "done", action: { label: "Undo", run } });
  const [toast] = toasts.value;
  if (!toast) throw new Error("the toast is shown");
  takeAction(toast);
  expect(count).toBe(1);
  expect(takeNewestAction()).toBe(false);
  expect(count).toBe(1);
});

it("the newest change is taken back first, and a problem is no change", () => {
  const taken: string[] = [];
  const show = (text: string, tone: "done" | "problem") =>
    showToast({ text, tone, action: { label: "", run: () => void taken.push(text) } });
  show("first", "done");
  show("second", "done");
  show("trouble", "problem");
  expect([takeNewestAction(), takeNewestAction(), takeNewestAction()]).toEqual([true, true, false]);
  expect(taken).toEqual(["second", "first"]);
  expect(texts()).toEqual(["trouble"]);
});

it("a toast survives two screens, and no more", () => {
  showToast({ text: "deleted", tone: "problem" });
  ageToasts();
  ageToasts();
  expect(texts()).toEqual(["deleted"]);
  ageToasts();
  expect(texts()).toEqual([]);
});

it("a fourth toast takes the place of the oldest", () => {
  for (const text of ["1", "2", "3", "4"]) showToast({ text, tone: "problem" });
  expect(texts()).toEqual(["2", "3", "4"]);
  dismissToast(toasts.value[1]?.id ?? 0);
  expect(texts()).toEqual(["2", "4"]);
});
