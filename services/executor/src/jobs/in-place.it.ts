import { readdir, truncate } from "node:fs/promises";
import { join } from "node:path";
import { readManifest } from "@safebase/artifact";
import { Progress, subjects, type ArtifactRef, type RestoreCommand } from "@safebase/contracts";
import { loadSecrets } from "@safebase/runtime";
import { openStorage } from "@safebase/storage";
import { clientDirs, connect, fillRealistic, fingerprint, freshDatabase, tempDir, type Fingerprint, type ServerInfo, type TestDatabase } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { engineFor } from "../engines/registry.ts";
import { refOf, startRig, type Rig } from "./fixture.ts";
import { unseal } from "./unseal.ts";

let rig: Rig;
let executor: AsyncDisposable;
let lastId = 0;
beforeAll(async () => {
  rig = await startRig();
  executor = await rig.startExecutor();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

const servers: (readonly [string, ServerInfo | null])[] = [["mariadb", inject("mariadb")], ["mysql", inject("mysql")]];

async function look(server: ServerInfo, db_name: string): Promise<Fingerprint> {
  await using connection = await connect(server, db_name);
  return await fingerprint(connection);
}

async function backUp(database: TestDatabase) {
  const command = rig.backupCommand(++lastId, rig.seal(database, database.db_name), { trigger: "safety" });
  await rig.send(command);
  return { command, event: await rig.ended(command.job_id) };
}

/** What an executor leaves that is killed in the middle of this restore: the target marked and emptied. */
async function beginAndDie(command: RestoreCommand): Promise<void> {
  await using folder = await tempDir("begun");
  const connection = unseal((await loadSecrets(undefined, rig.data_dir)).forGroup("default"), command.target.connection);
  const manifest = await readManifest(await openStorage({ type: "local", id: "local", root: join(rig.data_dir, "artifacts") }), command.source.stem);
  const tag = `safebase-${command.job_id}-${Date.parse(command.created_at).toString(36)}`;
  const context = { client_dirs: clientDirs(), work_dir: folder.path, tag, signal: new AbortController().signal };
  const prepared = await engineFor(connection.type).prepareRestore(connection, { manifest, must_be_new: false }, context);
  await prepared.begin();
}

async function damage({ stem }: ArtifactRef): Promise<void> {
  const files = await readdir(join(rig.data_dir, "artifacts"), { recursive: true });
  const name = files.find((file) => file.startsWith(`${stem}.sql`));
  await truncate(join(rig.data_dir, "artifacts", name ?? ""), 10);
}

describe.each(servers)("%s in place", (_engine, server) => {
  test.skipIf(server === null)("a target that cannot be dumped any more is replaced without a safety backup", async () => {
    await using database = await freshDatabase(server as ServerInfo, "damaged");
    await fillRealistic(database.connection, { rows: 20 });
    const before = await look(database, database.db_name);
    const made = await backUp(database);
    await database.connection.query("CREATE TABLE base (id int); CREATE VIEW lower_view AS SELECT id FROM base; CREATE VIEW upper_view AS SELECT id FROM lower_view; DROP VIEW lower_view");
    expect((await backUp(database)).event).toMatchObject({ type: "failed", failure: { message: expect.stringContaining("upper_view") } });
    const restore = rig.restoreCommand(++lastId, refOf(made.command, made.event), rig.seal(database, database.db_name));
    await rig.send(restore);
    expect(await rig.ended(restore.job_id)).toMatchObject({ type: "completed", result: { replaced: true } });
    expect(await look(database, database.db_name)).toEqual(before);
  });

  /** A restore of an older state, begun and left half-way, with a safety backup of the newer one. */
  const halfDone = async (database: TestDatabase) => {
    const { begun, ...made } = await twoBackups(database, 20);
    await beginAndDie(begun);
    expect(await look(database, database.db_name)).not.toEqual(made.before);
    return { ...made, command: { ...begun, cleanup_only: true } };
  };
  const twoBackups = async (database: TestDatabase, rows: number) => {
    await fillRealistic(database.connection, { rows });
    const source = await backUp(database);
    await database.connection.query("DELETE FROM order_lines");
    const before = await look(database, database.db_name);
    const safety = await backUp(database);
    const command = rig.restoreCommand(++lastId, refOf(source.command, source.event), rig.seal(database, database.db_name));
    return { begun: command, before, safety: refOf(safety.command, safety.event) };
  };

  test.skipIf(server === null)("a clean-up puts the safety backup back", async () => {
    await using database = await freshDatabase(server as ServerInfo, "cleanup");
    const { command, before, safety } = await halfDone(database);
    await rig.send({ ...command, safety });
    expect(await rig.ended(command.job_id)).toMatchObject({ type: "canceled" });
    expect(await look(database, database.db_name)).toEqual(before);
  });

  test.skipIf(server === null)("a clean-up that cannot put it back says so, and names the backup", async () => {
    await using database = await freshDatabase(server as ServerInfo, "cleanup");
    const { command, safety } = await halfDone(database);
    await damage(safety);
    await rig.send({ ...command, safety });
    expect(await rig.ended(command.job_id)).toMatchObject({
      type: "failed", failure: { code: "restore_failed", message: expect.stringContaining(`putting back safety backup ${safety.backup_id} failed, too`) },
    });
  });

  test.skipIf(server === null)("a run that fails before it begins undoes what the one before it had begun", async () => {
    await using database = await freshDatabase(server as ServerInfo, "second");
    const { command, before, safety } = await halfDone(database);
    await damage(command.source);
    await rig.send({ ...command, cleanup_only: false, safety });
    expect(await rig.ended(command.job_id)).toMatchObject({
      type: "failed", failure: { code: "artifact_damaged", message: expect.stringContaining(`put back as it was, from safety backup ${safety.backup_id}`) },
    });
    expect(await look(database, database.db_name)).toEqual(before);
  });

  test.skipIf(server === null)("canceled while it loads: the safety backup is put back", async () => {
    await using database = await freshDatabase(server as ServerInfo, "canceled");
    const { begun, before, safety } = await twoBackups(database, 60_000);
    using _listener = rig.bus.listen(subjects.progress("default", begun.job_id), (progress) => {
      if (Progress.parse(progress).phase === "load") rig.bus.broadcast(subjects.cancel, { job_id: begun.job_id });
    });
    await rig.send({ ...begun, safety });
    expect(await rig.ended(begun.job_id)).toMatchObject({ type: "canceled" });
    expect(await look(database, database.db_name)).toEqual(before);
  });

  test.skipIf(server === null)("without a safety backup a clean-up does not call a half-loaded target canceled", async () => {
    await using database = await freshDatabase(server as ServerInfo, "cleanup");
    const { command } = await halfDone(database);
    await rig.send(command);
    expect(await rig.ended(command.job_id)).toMatchObject({
      type: "failed", failure: { code: "restore_failed", message: expect.stringContaining("the target may be incomplete"), hint: `restore a backup into ${database.db_name}` },
    });
  });
});
