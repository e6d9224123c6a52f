import { rcloneMissing, s3Missing, startS3, unpackedProgram, type S3Server } from "@safebase/testing";
import { DECRYPT, ENCRYPT, withIdentity } from "../age.ts";
import { NATIVE, restoreLine, type Line } from "../bare.ts";
import { openLab, type Context, type Lab, type Section } from "../lab.ts";
import { runLine } from "../native.ts";
import type { Jobs } from "../safebase.ts";
import type { Subject } from "../subject.ts";
import { newKey } from "../system.ts";
import { ENCRYPTED_MAX, ONE_STREAM_MAX, safebase, type Variant } from "../variant.ts";

const BUCKET = "bench";
const { dump, dump_sql, load, shown } = NATIVE.postgresql;

/** One stream to a bucket of an S3 server on the same machine, and back, beside `rclone` in the same lines. */
export async function measureS3(context: Context): Promise<Section> {
  const head = { name: "s3", title: "PostgreSQL: one stream to S3, and back", notes: NOTES };
  const missing = s3Missing("moto") ?? rcloneMissing();
  if (missing !== undefined) return { ...head, server: "", idle_bytes: 0, groups: [], left_out: [{ what: "everything here", reason: missing }] };
  await using s3 = await startS3("moto");
  await s3.makeBucket(BUCKET);
  await using lab = await openLab("postgresql", context);
  await using filled = await lab.fill("shop");
  const subject = withRclone(await withIdentity(filled, context.signal), s3);
  const ours = await jobsInS3(lab, filled, s3);
  const backup = await lab.rounds("backup", backups(subject, ours, context.signal));
  const restore = await lab.rounds("restore into a new database", restores(subject, ours, context.signal));
  return { ...head, server: lab.server, idle_bytes: lab.idle_bytes, groups: [backup, restore], left_out: [] };
}

interface Ours { readonly plain: Jobs; readonly encrypted: Jobs }

function backups(subject: Subject, ours: Ours, signal: AbortSignal): Variant[] {
  const bare = uploadLine(subject, { name: `${shown} | zstd -3 | rclone rcat`, line: `${dump} | zstd -3 -q | ${RCLONE} rcat s3:${BUCKET}/bare.zst` }, signal);
  const bareAge = uploadLine(subject, { name: `${shown} | zstd -3 | age | rclone rcat`, line: `${dump} | zstd -3 -q | ${ENCRYPT} | ${RCLONE} rcat s3:${BUCKET}/bare.age` }, signal);
  const zip = 'rm -f "$1/dump.zip"; (cd "$1"; zip -q dump.zip dump.sql)';
  return [
    bare,
    safebase("SafeBase", bare, ONE_STREAM_MAX, ours.plain.backup),
    safebase("SafeBase, encrypted", bareAge, ENCRYPTED_MAX, ours.encrypted.backup),
    bareAge,
    uploadLine(subject, {
      name: "pg_dump > file, zip, rclone copyto", role: "replica", against: { name: bare.name },
      line: `${dump_sql} > "$1/dump.sql"; ${zip}; ${RCLONE} copyto "$1/dump.zip" s3:${BUCKET}/dump.zip; rm "$1/dump.sql"`,
    }, signal),
  ];
}

/** Of what the bare backups left there. */
function restores(subject: Subject, ours: Ours, signal: AbortSignal): Variant[] {
  const bare = restoreLine(subject, { name: "rclone cat | zstd -d | pg_restore -d new", line: `${RCLONE} cat s3:${BUCKET}/bare.zst | zstd -dcq | ${load}` }, signal);
  const bareAge = restoreLine(subject, { name: "rclone cat | age -d | zstd -d | pg_restore -d new", line: `${RCLONE} cat s3:${BUCKET}/bare.age | ${DECRYPT} | zstd -dcq | ${load}` }, signal);
  return [
    bare,
    safebase("SafeBase", bare, ONE_STREAM_MAX, ours.plain.restore),
    safebase("SafeBase, encrypted", bareAge, ENCRYPTED_MAX, ours.encrypted.restore),
    bareAge,
  ];
}

const NOTES = [
  "The server is moto: Python, on the same cores, and slow. It takes its part of both sides, so the ratios are nearer to 1 than on a server elsewhere; the times say nothing about S3.",
  "rclone uploads in parts of 5 MB, four at a time, as it does by itself. SafeBase hashes what it restores while it loads.",
];

const RCLONE = '"$BENCH_RCLONE" --config ""';

/** The subject, from whose environment rclone knows the server. */
function withRclone(subject: Subject, { endpoint, access_key_id, secret_access_key }: S3Server): Subject {
  const remote = { TYPE: "s3", PROVIDER: "Other", ENDPOINT: endpoint, ACCESS_KEY_ID: access_key_id, SECRET_ACCESS_KEY: secret_access_key };
  const env = Object.fromEntries(Object.entries(remote).map(([name, value]) => [`RCLONE_CONFIG_S3_${name}`, value]));
  return { ...subject, env: { ...subject.env, ...env, BENCH_RCLONE: unpackedProgram("rclone", "rclone") } };
}

/** SafeBase's jobs that store there. */
async function jobsInS3(lab: Lab, subject: Subject, { endpoint, access_key_id, secret_access_key }: S3Server): Promise<Ours> {
  const name = "bench-s3";
  const config = { type: "s3", endpoint, bucket: BUCKET, prefix: "safebase", access_key_id, secret_access_key };
  await lab.system.client.call("POST", "/api/storages", { name, config });
  const settings = { storages: [name] };
  return { plain: await lab.jobs(subject, settings), encrypted: await lab.jobs(subject, { ...settings, ...await newKey(lab.system) }) };
}

/** A line that puts an object there; "$1" is a folder for files that it needs on the way. */
function uploadLine(subject: Subject, { line, role = "bare", ...rest }: Line, signal: AbortSignal): Variant {
  return { ...rest, role, run: async () => ({ elapsed_ms: await runLine(line, [subject.folder], subject.env, signal) }) };
}
