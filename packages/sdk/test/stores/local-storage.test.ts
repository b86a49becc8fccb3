import { StoreError } from "@hi-stranger/core/errors";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeProfileStore } from "../../../core/test/profile-store-contract.ts";
import { idsOf, rowOf } from "../../../core/test/profile-rows.ts";
import type { LocalProblem } from "../../src/stores/local-home.ts";
import type { LocalStorageLike } from "../../src/stores/local-keys.ts";
import { createLocalStorageProfileStore } from "../../src/stores/local-storage.ts";
import { browserQuota, createStorage, withMethods } from "./storage-double.ts";

/** The page's own where there is one, as in a browser; emptied for each test. */
function emptyStorage(): Storage {
  if (typeof document === "undefined") return createStorage();
  localStorage.clear();
  return localStorage;
}

describeProfileStore("createLocalStorageProfileStore", () =>
  createLocalStorageProfileStore({ storage: emptyStorage() }),
);

/** A store over `storage` that notes its problems. */
function open(storage: LocalStorageLike) {
  const problems: LocalProblem[] = [];
  const onProblem = (problem: LocalProblem) => void problems.push(problem);
  return { store: createLocalStorageProfileStore({ storage, onProblem }), problems };
}

async function storageWith(...ids: string[]): Promise<Storage> {
  const storage = emptyStorage();
  await open(storage).store.write(ids.map((id) => rowOf(id)));
  return storage;
}

async function errorOf(promise: Promise<unknown>): Promise<StoreError> {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof StoreError)) throw new Error("expected a StoreError", { cause: error });
  return error;
}

const listIds = async (storage: Storage) => {
  const page = await open(storage).store.list({ filter: {}, cursor: null, limit: 1000 });
  return page.items.map((item) => item.profileId);
};

describe("what localStorage holds", () => {
  test("is the documented format, with deletions, and the versions beside it", async () => {
    const storage = await storageWith("usr_aaaaaa", "usr_bbbbbb");
    await open(storage).store.delete("usr_aaaaaa");
    expect(storage.getItem("hs.profiles")).toBe(
      [
        '{"format":"hs.profiles.v1","last_rev":3}',
        `2 ${rowOf("usr_bbbbbb").line}`,
        "3 usr_aaaaaa",
      ].join("\n"),
    );
    expect(storage.getItem("hs.meta")).toBe('{"profiles_version":1,"meta_version":1}');
    expect(storage.length).toBe(2);
  });

  test("is read by another store just as it was, revisions, deletions and all", async () => {
    const storage = await storageWith(...idsOf(20));
    const { store } = open(storage);
    await store.delete(idsOf(20)[3] ?? "");
    await store.write([rowOf(idsOf(20)[7] ?? "", { empathy: 1 })]);
    const again = open(storage).store;
    const query = { filter: {}, cursor: null, limit: 1000 };
    expect(await again.list(query)).toEqual(await store.list(query));
    expect(await again.changes(0, 1000)).toEqual(await store.changes(0, 1000));
    expect(await again.count()).toBe(19);
  });

  test("never gets a revision twice, though the latest record is gone", async () => {
    const storage = await storageWith("usr_aaaaaa", "usr_bbbbbb");
    const value = storage.getItem("hs.profiles") ?? "";
    storage.setItem("hs.profiles", value.replace(/\n2 .*$/, "\n2 damaged"));
    const { store } = open(storage);
    await store.write([rowOf("usr_cccccc")]);
    expect((await store.get("usr_cccccc"))?.rev).toBe(3);
  });

  test("is left alone by reads, and by writes that change nothing", async () => {
    const storage = await storageWith("usr_aaaaaa");
    const setItem = () => expect.unreachable("nothing is to be written");
    const reading = withMethods(storage, { setItem });
    const { store } = open(reading);
    expect(await store.count()).toBe(1);
    expect(await store.write([rowOf("usr_aaaaaa")])).toEqual({
      inserted: 0,
      updated: 0,
      unchanged: 1,
    });
    expect(await store.delete("usr_nobody")).toBe(false);
  });
});

describe("another tab", () => {
  test("sees at its next call what this one wrote, and adds to it", async () => {
    const storage = emptyStorage();
    const [first, second] = [open(storage).store, open(storage).store];
    await first.write([rowOf("usr_aaaaaa")]);
    expect(await second.count()).toBe(1);
    await second.write([rowOf("usr_bbbbbb")]);
    await first.write([rowOf("usr_cccccc")]);
    await second.delete("usr_aaaaaa");
    expect(await first.get("usr_aaaaaa")).toBeNull();
    expect(await listIds(storage)).toEqual(["usr_bbbbbb", "usr_cccccc"]);
  });

  test("that clears the storage leaves an empty store", async () => {
    const storage = await storageWith("usr_aaaaaa");
    const { store } = open(storage);
    expect(await store.count()).toBe(1);
    storage.clear();
    expect(await store.count()).toBe(0);
    await store.write([rowOf("usr_bbbbbb")]);
    expect(await listIds(storage)).toEqual(["usr_bbbbbb"]);
  });
});

describe("a damaged value", () => {
  const damages = {
    "is empty": () => "",
    "is not of ours": () => '[{"id":1}]',
    "has a header cut short": (value: string) => value.slice(0, 20),
    "has a header without its revision": (value: string) => value.replace(/,"last_rev":\d+/, ""),
    "is JSON null": () => "null",
  };
  test.for(Object.entries(damages))(
    "that %s is set aside as it was, and reported",
    async ([, damage]) => {
      const storage = await storageWith("usr_aaaaaa");
      const value = damage(storage.getItem("hs.profiles") ?? "");
      storage.setItem("hs.profiles", value);
      const { store, problems } = open(storage);
      expect(await store.count()).toBe(0);
      await store.write([rowOf("usr_bbbbbb")]);
      expect(await listIds(storage)).toEqual(["usr_bbbbbb"]);
      const quarantineKey = "hs.quarantine.hs.profiles.1";
      expect(problems).toEqual([{ key: "hs.profiles", quarantineKey, recordCount: null }]);
      expect(open(storage).store.problems()).toEqual([
        { key: "hs.profiles", quarantineKey, text: value },
      ]);
    },
  );

  test("gets a place of its own each time", async () => {
    const storage = emptyStorage();
    for (const value of ["first", "second", "third"]) {
      storage.setItem("hs.profiles", value);
      await open(storage).store.count();
    }
    expect(
      open(storage)
        .store.problems()
        .map(({ text }) => text),
    ).toEqual(["first", "second", "third"]);
  });

  test("is moved even when storage is so full that no copy fits", async () => {
    const storage = createStorage(1000);
    const value = "x".repeat(900);
    storage.setItem("hs.profiles", value);
    expect(await open(storage).store.count()).toBe(0);
    expect(
      open(storage)
        .store.problems()
        .map(({ text }) => text),
    ).toEqual([value]);
  });

  test("that can't be moved stays, is reported, and stops writes but not reads", async () => {
    // Its new key is longer than the old one, and there is room for neither.
    const storage = createStorage(911);
    const value = "x".repeat(900);
    storage.setItem("hs.profiles", value);
    const { store, problems } = open(storage);
    expect(await store.count()).toBe(0);
    expect((await errorOf(store.write([rowOf("usr_aaaaaa")]))).code).toBe("quota_exceeded");
    expect(storage.getItem("hs.profiles")).toBe(value);
    expect(problems).toEqual([{ key: "hs.profiles", quarantineKey: null, recordCount: null }]);
  });
});

describe("a damaged record", () => {
  const damages = {
    "is cut short": (line: string) => line.slice(0, -10),
    "breaks the schema": (line: string) => line.replace('"nonbinary"', '"robot"'),
    "has no revision": (line: string) => line.replace(/^\d+ /, ""),
    "repeats a revision": (line: string) => line.replace(/^2/, "1"),
    "has a revision that was never given": (line: string) => line.replace(/^2/, "9"),
    "is blank": () => "",
    "is a deletion of no id": () => "2 somebody",
    "has a key twice": (line: string) => line.replace('"nonbinary"', '"f","gender":"nonbinary"'),
  };
  test.for(Object.entries(damages))("that %s is set aside alone", async ([, damage]) => {
    const storage = await storageWith("usr_aaaaaa", "usr_bbbbbb", "usr_cccccc");
    const lines = (storage.getItem("hs.profiles") ?? "").split("\n");
    const damaged = damage(lines[2] ?? "");
    storage.setItem("hs.profiles", lines.with(2, damaged).join("\n"));
    const { store, problems } = open(storage);
    expect(await store.get("usr_cccccc")).not.toBeNull();
    expect(await listIds(storage)).toEqual(["usr_aaaaaa", "usr_cccccc"]);
    const quarantineKey = "hs.quarantine.hs.profiles.1";
    expect(problems).toEqual([{ key: "hs.profiles", quarantineKey, recordCount: 1 }]);
    expect(store.problems()).toEqual([{ key: "hs.profiles", quarantineKey, text: damaged }]);
    expect(open(storage).problems).toEqual([]);
  });

  test("loses no other, whichever bytes are hit", async () => {
    const ids = idsOf(6);
    const storage = await storageWith(...ids);
    const value = storage.getItem("hs.profiles") ?? "";
    const headerLength = value.indexOf("\n") + 1;
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: headerLength, max: value.length - 1 }),
        fc.string({ minLength: 1, maxLength: 3, unit: "binary" }),
        async (index, noise) => {
          const hit = value.slice(0, index) + noise + value.slice(index + noise.length);
          const changed = hit.split("\n");
          storage.clear();
          storage.setItem("hs.profiles", hit);
          const { store } = open(storage);
          const kept = await store.list({ filter: {}, cursor: null, limit: 1000 });
          const aside = store.problems().flatMap(({ text }) => text.split("\n"));
          const lines = kept.items.map((item) => `${item.rev} ${item.line}`);
          const tombstones = (await store.changes(0, 1000)).changes.filter(
            ({ line }) => line === null,
          );
          const all = [
            ...lines,
            ...aside,
            ...tombstones.map((change) => `${change.rev} ${change.profileId}`),
          ];
          expect(all.sort()).toEqual(changed.slice(1).sort());
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("the versions in hs.meta", () => {
  test("of a later release are refused, and nothing is touched", async () => {
    const storage = await storageWith("usr_aaaaaa");
    storage.setItem("hs.meta", '{"profiles_version":2,"meta_version":1}');
    const before = storage.getItem("hs.profiles");
    const { store, problems } = open(storage);
    expect((await errorOf(store.count())).code).toBe("not_supported");
    expect((await errorOf(store.write([rowOf("usr_bbbbbb")]))).code).toBe("not_supported");
    expect(storage.getItem("hs.profiles")).toBe(before);
    expect(problems).toEqual([]);
  });

  test("a value in a later format is refused as well, and left as it is", async () => {
    const storage = emptyStorage();
    const value = '{"format":"hs.profiles.v2","last_rev":1}\nwhatever';
    storage.setItem("hs.profiles", value);
    expect((await errorOf(open(storage).store.write([rowOf("usr_aaaaaa")]))).code).toBe(
      "not_supported",
    );
    expect(storage.getItem("hs.profiles")).toBe(value);
  });

  test("when damaged are set aside and written anew, and the records stay", async () => {
    const storage = await storageWith("usr_aaaaaa");
    storage.setItem("hs.meta", "{");
    const { store, problems } = open(storage);
    expect(await store.count()).toBe(1);
    await store.write([rowOf("usr_bbbbbb")]);
    expect(problems).toEqual([
      { key: "hs.meta", quarantineKey: "hs.quarantine.hs.meta.1", recordCount: null },
    ]);
    expect(storage.getItem("hs.meta")).toBe('{"profiles_version":1,"meta_version":1}');
    expect(await listIds(storage)).toEqual(["usr_aaaaaa", "usr_bbbbbb"]);
  });
});

describe("a full storage", () => {
  test("refuses a write as a whole and says what was not saved", async () => {
    const storage = createStorage(4000);
    const { store } = open(storage);
    await store.write([rowOf("usr_aaaaaa")]);
    const before = storage.getItem("hs.profiles");
    const rows = idsOf(5).map((id) => rowOf(id));
    const error = await errorOf(store.write([rowOf("usr_aaaaaa", { empathy: 5 }), ...rows]));
    expect(error.code).toBe("quota_exceeded");
    expect(error.status).toBe(507);
    expect(error.detail).toContain("Not saved: 6 personas");
    expect(storage.getItem("hs.profiles")).toBe(before);
    expect(await store.count()).toBe(1);
    expect((await store.get("usr_aaaaaa"))?.line).toBe(rowOf("usr_aaaaaa").line);
    expect(await store.write([rowOf("usr_bbbbbb")])).toEqual({
      inserted: 1,
      updated: 0,
      unchanged: 0,
    });
  });

  test("lets go of records that are deleted", async () => {
    const storage = createStorage(4000);
    const { store } = open(storage);
    for (let round = 0; round < 20; round++) {
      await store.write([rowOf(`usr_round${round}`), rowOf(`usr_again${round}`)]);
      await store.delete(`usr_round${round}`);
      await store.delete(`usr_again${round}`);
    }
    expect(await store.count()).toBe(0);
    expect((await store.changes(0, 1000)).changes).toHaveLength(40);
  });

  test("has room for 4,000 personas at a browser's quota", async () => {
    const storage = createStorage(browserQuota);
    const { store } = open(storage);
    await store.write(idsOf(4000).map((id) => rowOf(id, { biography: "x".repeat(400) })));
    expect(await open(storage).store.count()).toBe(4000);
  });

  test.runIf(typeof document !== "undefined")("is named when it is the browser's own", async () => {
    const storage = emptyStorage();
    const { store } = open(storage);
    await store.write([rowOf("usr_aaaaaa")]);
    let filler = "x".repeat(1_000_000);
    for (let key = 0; filler !== ""; key++) {
      try {
        storage.setItem(`filler ${key}`, filler);
      } catch {
        filler = filler.slice(filler.length >> 1 || 1);
      }
    }
    expect((await errorOf(store.write([rowOf("usr_bbbbbb")]))).code).toBe("quota_exceeded");
    expect(await listIds(storage)).toEqual(["usr_aaaaaa"]);
    storage.setItem("hs.profiles", "damaged");
    expect(await open(storage).store.count()).toBe(0);
    expect(open(storage).store.problems()).toHaveLength(1);
    storage.clear();
  });

  test("denied by the browser is told apart from a full one", async () => {
    const deny = () => {
      throw new DOMException("denied", "SecurityError");
    };
    const { store } = open(withMethods(createStorage(), { getItem: deny, setItem: deny }));
    expect((await errorOf(store.count())).code).toBe("store_unavailable");
  });
});

describe("personal data", () => {
  test("in free text is refused with its place, and nothing of the write is saved", async () => {
    const storage = await storageWith("usr_aaaaaa");
    const { store } = open(storage);
    const cases = [
      [rowOf("usr_bbbbbb", { biography: "write to me@example.org" }), "/profile/intent/biography"],
      [rowOf("usr_bbbbbb", { userName: "otter4915123456789" }), "/profile/identity/user_name"],
      [
        rowOf("usr_bbbbbb", { interests: ["chess", "+49 151 234567"] }),
        "/profile/interests/interests/1",
      ],
    ] as const;
    for (const [row, path] of cases) {
      const error = await errorOf(store.write([rowOf("usr_cccccc"), row]));
      expect(error.code).toBe("personal_data_refused");
      expect(error.detail).toContain(`${path} of usr_bbbbbb`);
      expect(error.extra.members).toMatchObject({ findings: [{ profile_id: "usr_bbbbbb", path }] });
    }
    expect(await listIds(storage)).toEqual(["usr_aaaaaa"]);
  });

  test("is not repeated in the error", async () => {
    const { store } = open(emptyStorage());
    const error = await errorOf(
      store.write([rowOf("usr_bbbbbb", { biography: "me@example.org" })]),
    );
    expect(JSON.stringify([error.message, error.detail, error.extra])).not.toContain("example.org");
  });
});
