import { randomBytes } from "node:crypto";
import { chown, readdir } from "node:fs/promises";
import { join } from "node:path";
import { loadSecrets } from "@safebase/runtime";
import { inject } from "vitest";
import type { Rig } from "../../services/executor/src/jobs/fixture.ts";
import { openLab } from "../matrix/lab.ts";
import { roundTrips } from "../matrix/round-trips.ts";
import { docker, imageOf } from "./docker.ts";

const NODE_USER = 1000;

/** The executor of the image, as hardened as in docker-compose.yml, in this machine's network: there the servers are published. */
async function startExecutorImage({ data_dir, settings }: Rig): Promise<AsyncDisposable> {
  const name = `safebase-matrix-${randomBytes(4).toString("hex")}`;
  const user = process.getuid?.() === 0 ? NODE_USER : process.getuid?.() ?? NODE_USER;
  const key = (await loadSecrets(undefined, data_dir)).forGroup("default").reveal();
  for (const path of [data_dir, ...(await readdir(data_dir)).map((file) => join(data_dir, file))]) await chown(path, user, user);
  const env = { ...settings, SAFEBASE_DATA_DIR: "/data", SAFEBASE_CLIENT_PATH: "", SAFEBASE_METRICS_PORT: "", SAFEBASE_GROUP_KEY: key };
  await docker([
    "run", "--detach", "--name", name, "--network", "host", "--user", `${user}:${user}`, "--read-only", "--tmpfs", "/tmp:size=64m",
    "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--volume", `${data_dir}:/data`,
    ...Object.entries(env).flatMap(([variable, value]) => ["--env", `${variable}=${value}`]), imageOf("executor"),
  ]);
  return { [Symbol.asyncDispose]: async () => { await docker(["rm", "--force", "--volumes", name]); } };
}

roundTrips(async () => inject("images_built") ? openLab({ startExecutor: startExecutorImage }) : undefined);
