import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { tempDir } from "@safebase/testing";
import { expect, it } from "vitest";
import { findPgProgram } from "./pg-program.ts";

it.each([
  ["71.2", ["postgresql-90", "postgresql-71", "postgresql-80"], "postgresql-71"],
  ["72", ["postgresql-90", "postgresql-71", "postgresql-80"], "postgresql-80"], // a newer one sets what the server may not know
  ["72", ["usr", "pgsql-80"], "pgsql-80"],
  ["91", ["postgresql-90", "usr"], "usr"], // it may be new enough
  ["91", ["postgresql-90", "postgresql-80"], "postgresql-90"],
])("an archive of pg_dump %s and %j: %s", async (written_by, names, expected) => {
  await using dir = await tempDir("pg-restore");
  const folders = names.map((name) => join(dir.path, name, "bin"));
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "pg_restore"), "", { mode: 0o755 });
  }
  expect(await findPgProgram("pg_restore", folders, written_by)).toBe(join(dir.path, expected, "bin/pg_restore"));
});
