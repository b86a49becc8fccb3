import { describe, expect, it } from "vitest";
import {
  ageByBirthday,
  agePointer,
  hasOtherAge,
  isAgeEditedIn,
  withAge,
} from "../../src/form/age.ts";
import type { FormValues } from "../../src/form/form-values.ts";

const birthdayPointer = "/profile/identity/birthday";
const now = new Date("2026-03-01T00:00:00Z");

function toValues(birthday: string, age: string): FormValues {
  return { [birthdayPointer]: birthday, [agePointer]: age };
}

describe("the age in the form", () => {
  it("follows a change of the birthday, whatever it was", () => {
    for (const before of ["", "36", "99"]) {
      const values = toValues("1980-02-28", before);
      expect(withAge(values, birthdayPointer, now)[agePointer]).toBe("46");
    }
  });

  it("stays while the birthday is no whole date, and when something else is changed", () => {
    for (const birthday of ["", "1980", "1980-02"]) {
      expect(withAge(toValues(birthday, "36"), birthdayPointer, now)[agePointer]).toBe("36");
    }
    expect(withAge(toValues("1980-02-28", "36"), agePointer, now)[agePointer]).toBe("36");
  });

  it("is another than the birthday's only when both are given", () => {
    expect(hasOtherAge(toValues("1980-02-28", "36"), now)).toBe(true);
    expect(hasOtherAge(toValues("1980-02-28", " 46 "), now)).toBe(false);
    expect(hasOtherAge(toValues("1980-02-28", ""), now)).toBe(false);
    expect(hasOtherAge(toValues("", "36"), now)).toBe(false);
  });

  it("of a draft was edited unless the record brought it or the birthday gives it", () => {
    const base = toValues("1980-02-28", "45");
    expect(isAgeEditedIn(toValues("1980-02-28", "45"), base, now)).toBe(false);
    expect(isAgeEditedIn(toValues("1990-02-28", "36"), base, now)).toBe(false);
    expect(isAgeEditedIn(toValues("1990-02-28", "50"), base, now)).toBe(true);
  });

  it("by the birthday grows on the day", () => {
    expect(ageByBirthday(toValues("1980-03-01", ""), now)).toBe("46");
    expect(ageByBirthday(toValues("1980-03-02", ""), now)).toBe("45");
  });
});
