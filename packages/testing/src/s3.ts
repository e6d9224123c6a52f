import { CreateBucketCommand, GetObjectCommand, HeadBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "./port.ts";
import { run, ServerProcess } from "./process.ts";
import { hasUnpacked, tempDir, unpackedProgram, unpackedRoot } from "./workspace.ts";

/** Ceph's gateway as in production; and moto, which imitates AWS and knows what the gateway's small store does not. */
export type S3Kind = "ceph" | "moto";

export interface S3Server extends AsyncDisposable {
  endpoint: string;
  port: number;
  access_key_id: string;
  secret_access_key: string;
  /** A client of our own, to look at what lies there. */
  client: S3Client;
  makeBucket(name: string, options?: { lock?: boolean }): Promise<void>;
  /** The keys of all objects of a bucket. */
  keys(bucket: string): Promise<string[]>;
  object(bucket: string, key: string): Promise<{ bytes: Uint8Array; storage_class: string | undefined }>;
}

type Launch = { program: string; args: string[]; access_key_id: string; secret_access_key: string };

/** Starts an S3 server on loopback with nothing in it. */
export async function startS3(kind: S3Kind): Promise<S3Server> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir(kind));
  const port = await freePort(), endpoint = `http://127.0.0.1:${port}`;
  const { program, args, access_key_id, secret_access_key } = LAUNCHES[kind](dir.path, port);
  const server = new ServerProcess({ program, args, log_path: join(dir.path, "server.log") });
  stack.defer(() => server.signal("SIGKILL"));
  await server.start(() => fetch(endpoint));
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials: { accessKeyId: access_key_id, secretAccessKey: secret_access_key } });
  stack.defer(() => client.destroy());
  const owned = stack.move();
  return {
    endpoint, port, access_key_id, secret_access_key, client,
    async makeBucket(name, { lock = false } = {}) {
      await client.send(new CreateBucketCommand({ Bucket: name, ...(lock ? { ObjectLockEnabledForBucket: true } : {}) }));
      await client.send(new HeadBucketCommand({ Bucket: name }));
    },
    async keys(bucket) {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.map(({ Key }) => Key ?? "");
    },
    async object(bucket, key) {
      const { Body, StorageClass } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return { bytes: await Body?.transformToByteArray() ?? new Uint8Array(), storage_class: StorageClass };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const LAUNCHES: Record<S3Kind, (dir: string, port: number) => Launch> = { ceph, moto };

/** The gateway with its store in SQLite, which needs no cluster. */
function ceph(dir: string, port: number): Launch {
  const [access_key_id, secret_access_key] = newKeys();
  const config_path = join(dir, "ceph.conf");
  mkdirSync(join(dir, "data"));
  writeFileSync(config_path, cephConfig(dir, port));
  const common = ["--no-mon-config", "-c", config_path, "-n", "client.rgw"];
  run([unpackedProgram("ceph", "radosgw-admin"), ...common, "user", "create", "--uid=test", "--display-name=test", `--access-key=${access_key_id}`, `--secret-key=${secret_access_key}`]);
  return { program: unpackedProgram("ceph", "radosgw"), args: ["-f", ...common, "--log-to-stderr=true", "--log-file="], access_key_id, secret_access_key };
}

function cephConfig(dir: string, port: number): string {
  const lib = join(unpackedRoot("ceph"), "usr/lib/x86_64-linux-gnu/ceph"), data = join(dir, "data");
  return [
    "[global]", "fsid = 4b07ae14-ad8a-4de3-8394-939bb47a1fd7", "auth_client_required = none", `run_dir = ${dir}`,
    `plugin_dir = ${lib}`, `erasure_code_dir = ${lib}/erasure-code`, `admin_socket = ${dir}/socket`, `keyring = ${dir}/keyring`,
    "[client]", "rgw_backend_store = dbstore", "rgw_config_store = dbstore", `dbstore_db_dir = ${data}`, `dbstore_config_uri = file:${data}/config.db`,
    `rgw_data = ${data}`, `rgw_frontends = beast endpoint=127.0.0.1:${port}`, "rgw_thread_pool_size = 32", "",
  ].join("\n");
}

function moto(_dir: string, port: number): Launch {
  const [access_key_id, secret_access_key] = newKeys();
  return {
    program: unpackedProgram("moto", "python3"), args: ["-c", `from moto.server import main; main(["-H", "127.0.0.1", "-p", "${port}"])`],
    access_key_id, secret_access_key,
  };
}

function newKeys(): [access_key_id: string, secret_access_key: string] {
  return [randomBytes(10).toString("hex").toUpperCase(), randomBytes(20).toString("hex")];
}

/** Why a kind cannot be started here, for the line that a skipped test prints; undefined when it can. */
export function s3Missing(kind: S3Kind): string | undefined {
  return hasUnpacked(kind) ? undefined : `the S3 server ${kind} could not be had from Debian sid (see the output of the set-up)`;
}
