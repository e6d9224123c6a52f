import { readdir, readFile } from "node:fs/promises";
import { generateAgeKey } from "@safebase/artifact";
import { Progress, subjects, type BackupCommand } from "@safebase/contracts";
import { IDENTITY_CONTEXT, loadSecrets } from "@safebase/runtime";
import { connect, fillRealistic, fingerprint, freshDatabase, type Fingerprint, type ServerInfo, until, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { refOf, startRig, type Rig } from "./fixture.ts";

let rig: Rig;
let executor: AsyncDisposable;
let lastId = 0;
const key = generateAgeKey();
const other = generateAgeKey();
const encrypted: Partial<BackupCommand> = { recipients: [key.recipient] };
beforeAll(async () => {
  rig = await startRig();
  executor = await rig.startExecutor();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const sealed = async (...identities: string[]) => ({ identities_sealed: (await loadSecrets(undefined, rig.data_dir)).forGroup("default").seal(identities.join("\n"), IDENTITY_CONTEXT) });

async function look(server: ServerInfo, db_name: string): Promise<Fingerprint> {
  await using connection = await connect(server, db_name);
  return await fingerprint(connection);
}

async function backUp(database: TestDatabase, changes: Partial<BackupCommand>) {
  const command = rig.backupCommand(++lastId, rig.seal(database, database.db_name), changes);
  await rig.send(command);
  const event = await rig.ended(command.job_id);
  if (event.type !== "completed" || event.result.kind !== "backup") throw new Error(JSON.stringify(event));
  return { source: refOf(command, event), result: event.result };
}

async function commandLines(): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  return Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""))); // gone meanwhile
}

describe("an encrypted backup", () => {
  test.each(["postgres", "mariadb"] as const)("%s: says to whom it is encrypted, and touches nothing without the identity that opens it", async (which) => {
    await using database = await freshDatabase(inject(which), "locked");
    await fillRealistic(database.connection, { rows: 20 });
    const { source, result } = await backUp(database, encrypted);
    expect([result.recipients, result.key.endsWith(".zst.age")]).toEqual([[key.recipient], true]);
    await database.connection.query("DELETE FROM order_lines");
    const before = await look(database, database.db_name);
    for (const identities of [{}, await sealed(other.identity)]) {
      const restore = rig.restoreCommand(++lastId, source, rig.seal(database, database.db_name), identities);
      await rig.send(restore);
      expect(await rig.ended(restore.job_id)).toMatchObject({ type: "failed", failure: { code: "identity_needed", message: expect.stringContaining(key.recipient) } });
      const verify = rig.verifyCommand(++lastId, source, result.contents, rig.seal(database, database.db_name), identities);
      await rig.send(verify);
      expect(await rig.ended(verify.job_id)).toMatchObject({ type: "failed", failure: { code: "identity_needed" } });
    }
    expect(await look(database, database.db_name)).toEqual(before);
    expect(JSON.stringify(rig.events)).not.toContain("AGE-SECRET-KEY");
  });

  test("MariaDB in place, canceled while it loads: the safety backup, encrypted with another key, is put back", async () => {
    await using database = await freshDatabase(inject("mariadb"), "safety");
    await fillRealistic(database.connection, { rows: 60_000 });
    const { source } = await backUp(database, encrypted);
    await database.connection.query("DELETE FROM order_lines");
    const before = await look(database, database.db_name);
    const safety = (await backUp(database, { recipients: [other.recipient], trigger: "safety" })).source;
    const restore = rig.restoreCommand(++lastId, source, rig.seal(database, database.db_name), { safety, ...await sealed(key.identity, other.identity) });
    let canceled = false;
    using _listener = rig.bus.listen(subjects.progress("default", restore.job_id), (progress) => {
      if (Progress.parse(progress).phase !== "load" || canceled) return;
      canceled = true;
      rig.bus.broadcast(subjects.cancel, { job_id: restore.job_id });
    });
    await rig.send(restore);
    const seen = await until("age to be at work", async () => {
      const lines = (await commandLines()).filter((line) => line.includes("/dev/fd/3") || line.includes("AGE-SECRET-KEY"));
      return lines.some((line) => line.includes("age")) && lines;
    }, { every_ms: 2 });
    expect(await rig.ended(restore.job_id)).toMatchObject({ type: "canceled" });
    expect(await look(database, database.db_name)).toEqual(before);
    expect(seen.join("\n")).not.toContain("AGE-SECRET-KEY");
  });
});
