import { SafebaseError } from "@safebase/contracts";
import { z } from "zod";
import { checkAddress } from "./reach.ts";
import type { Lookup } from "./reach.ts";
import { LOCAL_SECRETS, localConfigSchema, openLocal } from "./local.ts";
import { S3_SECRETS, s3ConfigSchema } from "./s3/config.ts";
import { SFTP_SECRETS, sftpConfigSchema } from "./sftp/config.ts";
import type { Storage } from "./storage.ts";

/** Where a storage lies and how to reach it, by its type. A new backend is a line here, in STORAGE_SECRETS and in openStorage. */
export const storageConfigSchema = z.discriminatedUnion("type", [localConfigSchema, s3ConfigSchema, sftpConfigSchema]);
/** As it is given; defaults may be missing. */
export type StorageConfig = z.input<typeof storageConfigSchema>;
/** As it is after it was checked. */
export type CheckedStorageConfig = z.output<typeof storageConfigSchema>;

/** The fields of each type that are sealed where they are kept and never shown. */
export const STORAGE_SECRETS: Record<CheckedStorageConfig["type"], readonly string[]> = { local: LOCAL_SECRETS, s3: S3_SECRETS, sftp: SFTP_SECRETS };

/** Checks a config of unknown origin; `bad_request` names what is wrong with it. */
export function parseStorageConfig(input: unknown): CheckedStorageConfig {
  const result = storageConfigSchema.safeParse(input);
  if (result.success) return result.data;
  const type = (input as { type?: unknown } | null)?.type;
  const known = storageConfigSchema.options.map((option) => option.shape.type.value);
  if (!known.some((name) => name === type)) {
    throw new SafebaseError("bad_request", `unsupported storage type: ${String(type)}`, { hint: `known types: ${known.join(", ")}` });
  }
  throw new SafebaseError("bad_request", `bad storage configuration: ${result.error.issues.map(sentence).join("; ")}`);
}

/** An issue as a sentence that begins with its field. */
function sentence({ path, message }: z.core.$ZodIssue): string {
  return `${path.length === 0 ? "it" : path.join(".")}: ${message}`;
}

export type OpenOptions = {
  /** A folder for temporaries, where parts wait that are too large for memory. */
  spool_dir?: string | undefined;
  /** Where connections may lead: what it refuses is not connected to, neither by name nor as an address. */
  lookup?: Lookup | undefined;
};

/** Opens the storage that a config describes, making its root when it is not there yet. What only some need, and is large, is loaded by who needs it. */
export async function openStorage(config: StorageConfig, { spool_dir, lookup }: OpenOptions = {}): Promise<Storage> {
  const checked = parseStorageConfig(config);
  switch (checked.type) {
    case "local": return openLocal(checked);
    case "s3":
      if (checked.endpoint !== undefined) await checkAddress(new URL(checked.endpoint).hostname, lookup);
      return (await import("./s3/s3.ts")).openS3(checked, { spool_dir, lookup });
    case "sftp":
      await checkAddress(checked.host, lookup);
      return (await import("./sftp/sftp.ts")).openSftp(checked, lookup);
  }
}
