import type { Storage } from "@safebase/storage";
import { describe, expect, test } from "vitest";
import { StorageLooks } from "./storage-looks.ts";

const ref = (name: string) => ({ name, config_sealed: name });
/** A storage of which only the list is asked; objects come when they are let go. */
function listed(next: () => Promise<boolean>): Storage {
  const list = async function* () { while (await next()) yield { key: "a", size_bytes: 10, modified_at: new Date() }; };
  return { list, space: async () => undefined } as Partial<Storage> as Storage;
}
const times = (count: number) => { let left = count; return async () => left-- > 0; };

describe("looks at storages", () => {
  test("a slow one holds up no other, and is told when its list comes to its end, which is read once", async () => {
    let lists = 0;
    const going = Promise.withResolvers<boolean>();
    const slow = listed(async () => (lists++ === 0 ? true : lists === 2 ? going.promise : false));
    const looks = new StorageLooks({ open: async ({ name }) => (name === "slow" ? slow : listed(times(3))) }, 100);
    const refs = [ref("slow"), ref("fast")];
    expect(await looks.report(refs)).toMatchObject({ storages: [{ storage: "fast", used_bytes: 30 }], problems: [] }); // it moved
    expect(await looks.report(refs)).toMatchObject({ storages: [{ storage: "fast" }], problems: [{ storage: "slow", failure: { code: "storage_failed", message: expect.stringContaining("has not answered") } }] });
    const last = looks.report(refs);
    going.resolve(true);
    expect(await last).toMatchObject({ storages: [{ storage: "slow", used_bytes: 20, free_bytes: null }, { storage: "fast" }], problems: [] });
    expect(lists).toBe(3);
  });

  test("one that fails is told with its reason, and tried anew the next time", async () => {
    let opened = 0;
    const looks = new StorageLooks({ open: async () => { if (opened++ === 0) throw new Error("no such host"); return listed(times(1)); } });
    expect(await looks.report([ref("a")])).toMatchObject({ storages: [], problems: [{ storage: "a", failure: { message: "no such host" } }] });
    expect(await looks.report([ref("a")])).toMatchObject({ storages: [{ storage: "a", used_bytes: 10 }], problems: [] });
  });
});
