import { rcloneMissing, s3Missing, startS3, unpackedProgram, type S3Server } from "@safebase/testing";
import { DECRYPT, ENCRYPT, withIdentity } from "../age.ts";
import { NATIVE, restoreLine } from "../bare.ts";
import { ifOffered, openLab, type Context, type Lab, type Section } from "../lab.ts";
import { runLine } from "../native.ts";
import type { Subject } from "../subject.ts";
import { newKey } from "../system.ts";
import type { Variant } from "../variant.ts";

const BUCKET = "bench";
const ONE_STREAM_MAX = 1.05;
const ENCRYPTED_MAX = 1.1;
const { dump, dump_sql, load, shown } = NATIVE.postgresql;

/** One stream to a bucket of an S3 server on the same machine, and back, beside `rclone` in the same lines. */
export async function measureS3(context: Context): Promise<Section> {
  const head = { name: "s3", title: "PostgreSQL: one stream to S3, and back", notes: NOTES };
  const missing = s3Missing("moto") ?? rcloneMissing();
  if (missing !== undefined) return { ...head, server: "", idle_bytes: 0, groups: [], left_out: [{ what: "everything here", reason: missing }] };
  await using s3 = await startS3("moto");
  await s3.makeBucket(BUCKET);
  await using lab = await openLab("postgresql", context);
  const { signal } = context;
  await using filled = await lab.fill("shop");
  const subject = withRclone(await withIdentity(filled, signal), s3);
  const offered = await ifOffered("SafeBase to S3", () => oursInS3(lab, filled, s3));
  const ours = "value" in offered ? offered.value : undefined, left_out = "left_out" in offered ? [offered.left_out] : [];

  const bare = `${shown} | zstd -3 | rclone rcat`, bareAge = `${shown} | zstd -3 | age | rclone rcat`;
  const backup = await lab.rounds("backup", [
    upload(subject, { name: bare, line: `${dump} | zstd -3 -q | ${RCLONE} rcat s3:${BUCKET}/bare.zst` }, signal),
    ...ours === undefined ? [] : [safebase("SafeBase", bare, ONE_STREAM_MAX, ours.plain.backup), safebase("SafeBase, encrypted", bareAge, ENCRYPTED_MAX, ours.encrypted.backup)],
    upload(subject, { name: bareAge, line: `${dump} | zstd -3 -q | ${ENCRYPT} | ${RCLONE} rcat s3:${BUCKET}/bare.age` }, signal),
    upload(subject, {
      name: "pg_dump > file, zip, rclone copyto", role: "replica", against: { name: bare },
      line: `${dump_sql} > "$1/dump.sql"; rm -f "$1/dump.zip"; (cd "$1"; zip -q dump.zip dump.sql); ${RCLONE} copyto "$1/dump.zip" s3:${BUCKET}/dump.zip; rm "$1/dump.sql"`,
    }, signal),
  ]);

  const back = "rclone cat | zstd -d | pg_restore -d new", backAge = "rclone cat | age -d | zstd -d | pg_restore -d new";
  const restore = await lab.rounds("restore into a new database", [
    restoreLine(subject, { name: back, line: `${RCLONE} cat s3:${BUCKET}/bare.zst | zstd -dcq | ${load}`, file: "" }, signal),
    restoreLine(subject, { name: backAge, line: `${RCLONE} cat s3:${BUCKET}/bare.age | ${DECRYPT} | zstd -dcq | ${load}`, file: "" }, signal),
    ...ours === undefined ? [] : [safebase("SafeBase", back, ONE_STREAM_MAX, ours.plain.restore), safebase("SafeBase, encrypted", backAge, ENCRYPTED_MAX, ours.encrypted.restore)],
  ]);
  return { ...head, server: lab.server, idle_bytes: lab.idle_bytes, groups: [backup, restore], left_out };
}

const NOTES = [
  "The server is moto: Python, on the same cores, and slow. It takes its part of both sides, so the ratios are nearer to 1 than on a server elsewhere; the times say nothing about S3.",
  "rclone uploads in parts of 5 MB, four at a time, as it does by itself. A restore by SafeBase reads everything twice: once to look whether it is whole, before anything is changed, then to load it.",
];

const RCLONE = '"$BENCH_RCLONE" --config ""';

/** The subject, from whose environment rclone knows the server. */
function withRclone(subject: Subject, { endpoint, access_key_id, secret_access_key }: S3Server): Subject {
  const remote = { TYPE: "s3", PROVIDER: "Other", ENDPOINT: endpoint, ACCESS_KEY_ID: access_key_id, SECRET_ACCESS_KEY: secret_access_key };
  const env = Object.fromEntries(Object.entries(remote).map(([name, value]) => [`RCLONE_CONFIG_S3_${name}`, value]));
  return { ...subject, env: { ...subject.env, ...env, BENCH_RCLONE: unpackedProgram("rclone", "rclone") } };
}

/** SafeBase's jobs that store there. */
async function oursInS3(lab: Lab, subject: Subject, { endpoint, access_key_id, secret_access_key }: S3Server) {
  const name = "bench-s3";
  const config = { type: "s3", endpoint, bucket: BUCKET, prefix: "safebase", access_key_id, secret_access_key };
  await lab.system.client.call("POST", "/api/storages", { name, config });
  const settings = { storages: [name] };
  return { plain: await lab.jobs(subject, settings), encrypted: await lab.jobs(subject, { ...settings, ...await newKey(lab.system) }) };
}

interface Upload extends Pick<Variant, "name" | "against"> { readonly role?: Variant["role"]; readonly line: string }

/** A line that puts an object there; "$1" is a folder for files that it needs on the way. */
function upload(subject: Subject, { line, role = "bare", ...rest }: Upload, signal: AbortSignal): Variant {
  const run = async () => ({ elapsed_ms: await runLine(line, [subject.folder], subject.env, signal) });
  return { ...rest, role, run };
}

const safebase = (name: string, against: string, at_most: number, run: Variant["run"]): Variant => ({ name, role: "safebase", against: { name: against, at_most }, run });
