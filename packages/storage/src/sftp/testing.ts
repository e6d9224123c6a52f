import type { SftpServer } from "@safebase/testing";
import { randomBytes } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, posix, relative } from "node:path";
import type { StorageUnderTest } from "../contract-suite.ts";
import { openStorage } from "../index.ts";
import type { StorageConfig } from "../index.ts";

type SftpInput = Extract<StorageConfig, { type: "sftp" }>;

/** A config for a folder of a test server. */
export function configOf(server: SftpServer, folder: string, changes: Partial<SftpInput> = {}): SftpInput {
  const { host, port, username, password, private_key, host_fingerprint, root } = server;
  return {
    type: "sftp", id: "test", host, port, username, host_fingerprint, root: posix.join(root, folder),
    ...(password === undefined ? {} : { password }), ...(private_key === undefined ? {} : { private_key }), ...changes,
  };
}

/** A storage in a folder of its own, and a look behind it. */
export async function openFolder(server: SftpServer, folder = randomBytes(6).toString("hex"), changes: Partial<SftpInput> = {}): Promise<StorageUnderTest> {
  const dir = join(server.dir, folder);
  await mkdir(dir, { recursive: true });
  return {
    storage: await openStorage(configOf(server, folder, changes)),
    async names() {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map((entry) => relative(dir, join(entry.parentPath, entry.name))).sort();
    },
    async leaveTemp(key) {
      await mkdir(dirname(join(dir, key)), { recursive: true });
      await writeFile(join(dir, dirname(key), ".tmp-died"), "half");
    },
    close: () => rm(dir, { recursive: true }),
  };
}
