import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { checkArtifact } from "./read.ts";
import { sweep } from "./sweep.ts";
import { STEM, testStorage, writeOptions } from "./test-helpers.ts";
import { writeArtifact } from "./write.ts";

it("removes old leftovers that nobody holds, and nothing else", async () => {
  await using test = await testStorage();
  await writeArtifact(writeOptions(test.storage));
  const orphan = (id: number, ending: string): string => STEM.replace(/_7$/, `_${id}`) + ending;
  const parts = [".all.dump.zst", ".pre-data.dump.zst.age", ".data-12.dump", ".globals.sql.gz"].map((ending) => orphan(12, ending));
  const old = [...parts, orphan(8, ".sql.zst"), orphan(9, ".zip"), orphan(10, ".sql"), "mariadb/.tmp-died", "mariadb/notes.sql", "stranger.sql"];
  for (const name of [...old, orphan(11, ".sql.gz"), "mariadb/.tmp-young"]) {
    await mkdir(dirname(join(test.root, name)), { recursive: true });
    await writeFile(join(test.root, name), "x");
  }
  const hour_ago = new Date(Date.now() - 3_600_000);
  for (const name of old) await utimes(join(test.root, name), hour_ago, hour_ago);
  await utimes(join(test.root, `${STEM}.sql.zst`), hour_ago, hour_ago);
  const removed = await sweep(test.storage, { grace_ms: 60_000, isHeld: async (backup_id) => backup_id === 10 });
  expect(removed.sort()).toEqual([...parts, "mariadb/.tmp-died", orphan(8, ".sql.zst"), orphan(9, ".zip")].sort());
  expect(await test.names()).toHaveLength(7);
  await checkArtifact(test.storage, STEM);
  expect(await sweep(test.storage, { grace_ms: 60_000, isHeld: async () => false })).toEqual([orphan(10, ".sql")]);
});
