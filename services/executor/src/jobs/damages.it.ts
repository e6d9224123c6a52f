import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { artifactDigest, dumpParts, generateAgeKey, manifestKey, serializeManifest, type Manifest } from "@safebase/artifact";
import type { ArtifactRef, Compression, Format } from "@safebase/contracts";
import { createLog } from "@safebase/runtime";
import { openStorage, type Storage } from "@safebase/storage";
import { clientDirs, connect, fillRealistic, fingerprint, freshDatabase, tempDir, type ServerInfo } from "@safebase/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { PreparedRestore } from "../engines/engine.ts";
import { checkCopy } from "./check.ts";
import { firstGood } from "./copies.ts";
import { Chance, DAMAGES, flip, parse, partOf, sha256, type Files, type Original } from "./damages-fixture.ts";
import { refOf, startRig, type Rig } from "./fixture.ts";
import { load } from "./load.ts";
import type { Run } from "./run.ts";

const SEED = Number(process.env["SAFEBASE_TEST_DAMAGE_SEED"] ?? 20_260_504);
const COUNT = 1_000;
const AT_ONCE = 4;

interface Artifact extends Original { readonly name: string; readonly ref: ArtifactRef }

const ageKey = generateAgeKey();

const FORMS: readonly (readonly [ServerInfo["engine"], Format, Compression, ("encrypted" | "in parts")?])[] = [
  ["postgresql", "custom", "zstd"], ["postgresql", "custom", "none"], ["postgresql", "sql", "zstd"], ["postgresql", "custom", "zstd", "encrypted"], ["postgresql", "custom", "zstd", "in parts"],
  ["mariadb", "sql", "zstd"], ["mariadb", "sql", "gzip"], ["mariadb", "sql", "zip"], ["mariadb", "sql", "none"], ["mariadb", "sql", "zip", "encrypted"],
];

let dir: Awaited<ReturnType<typeof tempDir>>;
let rig: Rig;
let executor: AsyncDisposable;
let artifacts: Artifact[];
beforeAll(async () => {
  dir = await tempDir("damages");
  rig = await startRig();
  executor = await rig.startExecutor();
  artifacts = await makeArtifacts();
});
afterAll(async () => {
  await executor[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
  await dir[Symbol.asyncDispose]();
});

/** Real backups of a small database on each server that is here. */
async function makeArtifacts(): Promise<Artifact[]> {
  const artifacts_made: Artifact[] = [];
  for (const server of [inject("postgres"), inject("mariadb")]) {
    if (server === null) { console.log("no MariaDB here: damages of its backups are left out"); continue; }
    await using database = await freshDatabase(server, "damages");
    await fillRealistic(database.connection, { rows: 15 });
    for (const [engine, format, compression, special] of FORMS.filter(([of]) => of === server.engine)) {
      const command = rig.backupCommand(artifacts_made.length + 1, rig.seal(database, database.db_name), {
        format, compression, recipients: special === "encrypted" ? [ageKey.recipient] : [], ...(special === "in parts" ? { jobs: 2, globals: true } : {}),
      });
      await rig.send(command);
      const event = await rig.ended(command.job_id);
      const ref = refOf(command, event);
      if (event.type !== "completed" || event.result.kind !== "backup") throw new Error("no backup");
      const read = (key: string): Promise<Buffer> => readFile(join(rig.data_dir, "artifacts", key));
      const manifest = await read(manifestKey(ref.stem));
      const parts = await Promise.all(parse(manifest).parts.map(async ({ key }) => ({ key, data: await read(key) })));
      artifacts_made.push({ name: [engine, format, compression, special].join(" ").trim(), ref, stem: ref.stem, parts, at: 0, manifest });
    }
  }
  return artifacts_made;
}

/** Every part of every artifact, to be looked at by itself. */
const eachPart = (): Artifact[] => artifacts.flatMap((artifact) => artifact.parts.map((_, at) => ({ ...artifact, at })));

let storages = 0;
let lastId = 1_000;

/** A folder that holds these files of an artifact, and nothing else. */
async function folderWith(of: Original, files: Files): Promise<string> {
  const root = join(dir.path, String(++storages));
  const others = of.parts.filter((_, at) => at !== of.at).map(({ key, data }) => [key, files.others?.get(key) ?? data] as const);
  for (const [path, bytes] of [...others, [partOf(of).key, files.data], [manifestKey(of.stem), files.manifest]] as const) {
    if (bytes === undefined) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  }
  return root;
}

async function storageWith(of: Original, files: Files): Promise<Storage> {
  return openStorage({ type: "local", id: "local", root: await folderWith(of, files) });
}

const limits = { time_s: 60, stall_s: 60 };
const options = { limits, identities: [ageKey.identity] };
const runOn = (storage?: Storage): Run => {
  const run: Run = {
    run_id: "damages", log: createLog("test", "silent"), signal: new AbortController().signal, progress: () => undefined, spool_bytes: 0, parallel_threshold_bytes: 0,
    engine: { client_dirs: clientDirs(), work_dir: dir.path, tag: "damages", signal: new AbortController().signal },
    storage: async () => storage!, identities: () => [ageKey.identity], confirmLease: async () => undefined, calm: () => run,
    open: () => { throw new Error("no server is asked"); },
  };
  return run;
};

/**
 * The worst place to load into: it takes whatever comes and never complains, so that nothing but the reading itself can
 * keep it from being committed.
 */
function gullible(manifest: Manifest, apart: boolean): PreparedRestore & { committed: boolean } {
  return {
    apart, committed: false, replaces: false, already_loaded: false, warnings: [],
    begin: async () => undefined, isBusy: async () => false, loaded: async () => ({ tables: [] }), rollback: async () => true,
    steps: () => dumpParts(manifest).map((part) => [{ part, stages: [{ program: "dd", args: ["of=/dev/null", "status=none"], failure_code: "restore_failed" }] }]),
    explain: (failure) => failure,
    async commit() { this.committed = true; },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** What a restore makes of it, into a place apart or in place of the target. */
async function restored(artifact: Artifact, storage: Storage, apart: boolean): Promise<string> {
  const places: ReturnType<typeof gullible>[] = [];
  const outcome = await firstGood(artifact.ref, runOn(storage), async (copy) => {
    const place = gullible(copy.manifest, apart);
    places.push(place);
    await load(place, { ...copy, own: true }, runOn(storage), { limits, identities_sealed: null });
  });
  return places.some(({ committed }) => committed) ? "committed" : outcome?.code ?? "not committed";
}

/** What a check says of it, and what becomes of a restore either way. */
async function judge(artifact: Artifact, files: Files): Promise<{ state: string; detail: string | null; apart: string; in_place: string }> {
  const storage = await storageWith(artifact, files);
  const { state, detail } = await checkCopy(artifact.ref, storage, runOn(), options);
  return { state, detail, apart: await restored(artifact, storage, true), in_place: await restored(artifact, storage, false) };
}

test("whole artifacts are good, and would be restored", async () => {
  for (const artifact of artifacts) expect(await judge(artifact, { ...partOf(artifact), manifest: artifact.manifest }), artifact.name).toEqual({ state: "good", detail: null, apart: "committed", in_place: "committed" });
});

test(`${COUNT} damages (seed ${SEED}): all found, none restored`, async () => {
  const kinds = Object.keys(DAMAGES);
  const wrong: unknown[] = [];
  const found = new Map<string, number>();
  const cases = Array.from({ length: COUNT }, (_, n) => n).values();
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (const n of cases) {
      const kind = kinds[n % kinds.length] ?? "";
      const chance = new Chance(SEED + n);
      const artifact = chance.of(eachPart());
      const other = chance.of(eachPart().filter(({ stem }) => stem !== artifact.stem));
      const files = DAMAGES[kind]?.(artifact, chance, other);
      if (files === undefined) throw new Error(`no damage ${kind}`);
      const { state, detail, apart, in_place } = await judge(artifact, files);
      const isMissing = files.data === undefined || files.manifest === undefined;
      const expected = isMissing ? ["missing", "artifact_missing"] : ["damaged", "artifact_damaged"];
      if (state !== expected[0] || apart !== expected[1] || in_place !== expected[1] || detail === null) wrong.push({ n, kind, of: artifact.name, state, detail, apart, in_place });
      found.set(kind, (found.get(kind) ?? 0) + 1);
    }
  }));
  expect(wrong).toEqual([]);
  expect([...found.keys()].sort()).toEqual(kinds.sort());
}, 120_000);

/** What restores of ours have made on a server: by the tag of their commands, or as asked for. */
async function made(server: ServerInfo): Promise<string[]> {
  await using session = await connect(server);
  const list = server.engine === "postgresql" ? "SELECT datname AS name FROM pg_database" : "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA";
  const tag = Date.parse(rig.restoreCommand(0, artifacts[0]!.ref, rig.seal(server, "any")).created_at).toString(36);
  return (await session.query(list)).map(({ name }) => String(name)).filter((name) => name.includes(`_${tag}_`) || name.startsWith("damages_new_"));
}

test.each([inject("postgres"), inject("mariadb")].filter((server) => server !== null))("of every kind of damage no server keeps anything: $engine", async (server) => {
  await using database = await freshDatabase(server, "damages_target");
  await database.connection.query("CREATE TABLE kept (id int)");
  const before = await fingerprint(database.connection);
  const of = artifacts.filter(({ name }) => name.startsWith(server.engine) && /none$|in parts$|sql zstd$/.test(name)); // what complains of bytes by itself, and what does not
  const ids = await Promise.all(of.flatMap((artifact, nth) => Object.entries(DAMAGES).map(async ([kind, damage], n) => {
    const chance = new Chance(SEED + n);
    const damaged = { ...artifact, at: chance.below(artifact.parts.length) };
    const copy = rig.storageIn("local", await folderWith(damaged, damage(damaged, chance, artifacts.at(nth - 1)!)));
    const id = ++lastId;
    const connection = rig.seal(database, server.engine === "postgresql" ? database.db_name : `damages_new_${id}`);
    await rig.send(rig.restoreCommand(id, { ...artifact.ref, copies: [copy] }, connection, { target: { connection, must_be_new: server.engine !== "postgresql" } }));
    return { kind: `${kind} of ${artifact.name}`, id };
  })));
  for (const { kind, id } of ids) expect(await rig.ended(id), kind).toMatchObject({ type: "failed", failure: { code: expect.stringMatching(/^artifact_/) } });
  expect(await made(server)).toEqual([]);
  expect(await fingerprint(database.connection)).toEqual(before);
}, 120_000);

test("a dump that was broken before it was stored is found, though manifest and catalog agree with its bytes", async () => {
  for (const artifact of eachPart()) {
    const chance = new Chance(SEED);
    const { data } = partOf(artifact);
    const { length } = data;
    // Of an uncompressed dump only the end can tell: nothing in it sums up its bytes.
    const broken = artifact.name.endsWith("none") ? data.subarray(0, length >> 1)
      : Buffer.concat([data.subarray(0, length >> 2), flip(Buffer.from(data.subarray(length >> 2, length >> 1)), chance), data.subarray(length >> 1)]);
    const said = parse(artifact.manifest);
    const parts = said.parts.map((part, at) => at === artifact.at ? { ...part, sha256: sha256(broken), size_bytes: broken.length, raw_size_bytes: null } : part);
    const { sha256: digest, size_bytes } = artifactDigest({ ...said, parts });
    const ref = { ...artifact.ref, sha256: digest, size_bytes };
    const storage = await storageWith(artifact, { data: broken, manifest: serializeManifest({ ...said, parts }) });
    const { state, detail } = await checkCopy(ref, storage, runOn(), options);
    expect([artifact.name, state, detail]).toEqual([artifact.name, "damaged", expect.stringMatching(/cannot read them$|without its closing line/)]);
  }
});

test("every frame of zstd holds a checksum of what it unpacks to", () => {
  for (const { name, data, key } of eachPart().map((artifact) => ({ name: artifact.name, ...partOf(artifact) }))) {
    if (!key.endsWith(".zst")) continue;
    expect(data.readUInt32LE(0).toString(16), name).toBe("fd2fb528");
    expect((data[4] ?? 0) & 0b100, `Content_Checksum_flag of ${name}`).toBe(0b100);
  }
});

test("what could not be looked at is no finding: a client that is missing", async () => {
  const artifact = artifacts.find(({ name }) => name === "postgresql custom zstd")!;
  const said = parse(artifact.manifest);
  const storage = await storageWith(artifact, { data: partOf(artifact).data, manifest: serializeManifest({ ...said, tool: { ...said.tool, version: "99.1" } }) });
  await expect(checkCopy(artifact.ref, storage, runOn(), options)).rejects.toMatchObject({ code: "client_missing" });
});
