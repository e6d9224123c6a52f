import { SafebaseError } from "@safebase/contracts";
import { STORAGE_CONTEXT, type Secrets } from "@safebase/runtime";
import { parseStorageConfig, STORAGE_SECRETS, storageConfigSchema, type CheckedStorageConfig } from "@safebase/storage";
import { z } from "zod";
import type { StorageRow } from "../catalog/storages-schema.ts";
import { sentenceOf } from "../http/sentence.ts";

type Type = CheckedStorageConfig["type"];

/** Where secrets would be sent, and how well guarded: another of these needs them anew, else a stolen session could have them sent elsewhere. */
const BOUND: Record<Type, readonly string[]> = { local: [], s3: ["endpoint", "region", "bucket", "ca"], sftp: ["host", "port", "username", "host_fingerprint"] };

/** Null for the built-in one, and for one that was sealed with a master key that is lost: it has to be given anew. */
export function openConfig(secrets: Secrets, { config_sealed }: Pick<StorageRow, "config_sealed">): CheckedStorageConfig | null {
  if (config_sealed === null || !secrets.opens(config_sealed)) return null;
  return parseStorageConfig(JSON.parse(secrets.open(config_sealed, STORAGE_CONTEXT)));
}

/** The columns that say where a storage lies. */
export function sealConfig(secrets: Secrets, config: CheckedStorageConfig): Pick<StorageRow, "type" | "target" | "config_sealed"> {
  return { type: config.type, target: targetOf(config), config_sealed: secrets.seal(JSON.stringify(config), STORAGE_CONTEXT) };
}

/** What may be shown of it, and the names of the secrets that are set. */
export function shownConfig(config: CheckedStorageConfig): { config: Record<string, unknown> & { type: Type }; secret_fields: string[] } {
  const fields = Object.entries(config).filter(([name, value]) => value !== undefined && name !== "id");
  const isSecret = ([name]: [string, unknown]): boolean => STORAGE_SECRETS[config.type].includes(name);
  return {
    config: { ...Object.fromEntries(fields.filter((field) => !isSecret(field))), type: config.type },
    secret_fields: fields.filter(isSecret).map(([name]) => name),
  };
}

function targetOf(config: CheckedStorageConfig): string {
  switch (config.type) {
    case "local": return config.root;
    case "s3": {
      const host = config.endpoint === undefined ? `s3.${config.region}.amazonaws.com` : new URL(config.endpoint).host;
      return [host, config.bucket, config.prefix].filter((part) => part !== "").join("/");
    }
    case "sftp": return `${config.username}@${config.host.includes(":") ? `[${config.host}]` : config.host}:${config.port}/${config.root.replace(/^\//, "")}`;
  }
}

/** Any of the fields; null takes one away. */
export type ConfigChange = Readonly<Record<string, unknown>>;

/** A config of unknown origin for the storage of that name. Throws a sentence that names the field. */
export function checkedConfig(name: string, { id, ...given }: ConfigChange): CheckedStorageConfig {
  if (id !== undefined) throw new SafebaseError("bad_request", "unknown field: config.id");
  const input = { config: { ...given, id: name } };
  const parsed = z.object({ config: storageConfigSchema }).safeParse(input);
  if (!parsed.success) throw new SafebaseError("bad_request", sentenceOf(parsed.error, input), { cause: parsed.error });
  return parsed.data.config;
}

/** The config after a change. What is left out stays, but another type begins anew. */
export function changeConfig(name: string, before: CheckedStorageConfig | null, change: ConfigChange): CheckedStorageConfig {
  const kept = before === null || (change["type"] !== undefined && change["type"] !== before.type) ? undefined : before;
  const fields = Object.entries({ ...kept, id: undefined, ...change }).filter(([, value]) => value !== null);
  const after = checkedConfig(name, Object.fromEntries(fields));
  if (kept !== undefined) refuseMoved(kept, after, change);
  return after;
}

function refuseMoved(before: ConfigChange & { type: Type }, after: ConfigChange, change: ConfigChange): void {
  const moved = BOUND[before.type].filter((field) => before[field] !== after[field]);
  const missing = STORAGE_SECRETS[before.type].filter((name) => before[name] !== undefined && change[name] === undefined);
  if (moved.length === 0 || missing.length === 0) return;
  throw new SafebaseError("bad_request", `config.${missing[0]} is missing: it must be given again when ${moved.map((field) => `config.${field}`).join(" and ")} changes`, {
    hint: "send it in the same request, or null for none",
  });
}
