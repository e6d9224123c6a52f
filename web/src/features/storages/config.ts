import type { Storage, StorageConfig } from "../../api/types.ts";

/** What people call the places where backups lie; three of them speak S3. */
export const PRESETS = ["aws", "r2", "s3", "sftp", "local"] as const;
export type Preset = (typeof PRESETS)[number];

type Type = Storage["type"];

/** Every field of a config, by type; the API's names. */
const FIELDS = {
  s3: ["endpoint", "region", "bucket", "prefix", "access_key_id", "secret_access_key", "session_token", "path_style", "ca", "storage_class", "encryption", "kms_key_id", "lock_mode", "lock_days", "part_size_mib", "timeout_s"],
  sftp: ["host", "port", "username", "password", "private_key", "passphrase", "host_fingerprint", "root", "timeout_s"],
  local: ["root", "reserve_mib"],
} as const satisfies Record<Type, readonly string[]>;
const SECRETS: readonly string[] = ["secret_access_key", "session_token", "password", "private_key", "passphrase"];
const NUMBERS: readonly string[] = ["lock_days", "part_size_mib", "timeout_s", "port", "reserve_mib"];

export type ConfigField = (typeof FIELDS)[Type][number];

/** Everything that is typed of a storage; `auth`: how an SFTP server is told who we are. */
export type StorageValues = Record<ConfigField | "name" | "auth" | "shared" | "encryption_key_id", string>;

/** All fields of all types. */
export const ALL = [...new Set(Object.values(FIELDS).flat())];

const typeOf = (preset: Preset): Type => (preset === "sftp" || preset === "local" ? preset : "s3");

export function presetOf({ type, config }: Pick<Storage, "type" | "config">): Preset {
  if (type !== "s3") return type;
  const endpoint = config["endpoint"];
  return typeof endpoint !== "string" ? "aws" : /\.r2\.cloudflarestorage\.com\/?$/.test(endpoint) ? "r2" : "s3";
}

const NAMES: Record<Preset, string> = { aws: "aws", r2: "r2", s3: "s3", sftp: "sftp", local: "folder" };

/** What a new one begins with. */
export function freshValues(preset: Preset): StorageValues {
  return { ...emptyValues(), name: NAMES[preset], region: preset === "r2" ? "auto" : "", auth: "password" };
}

function emptyValues(): StorageValues {
  return { ...Object.fromEntries(ALL.map((field) => [field, ""])) as Record<ConfigField, string>, name: "", auth: "password", shared: "", encryption_key_id: "" };
}

/** A value of a config as text: they are text, numbers, or yes and no. */
export function shownValue(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What is known of one: its secrets are not. */
export function knownValues({ name, config, shared, secret_fields, encryption_key_id }: Storage): StorageValues {
  const known = Object.fromEntries(ALL.flatMap((field) => (config[field] === undefined ? [] : [[field, shownValue(config[field])]])));
  return { ...emptyValues(), ...known, name, shared: shared ? "true" : "", auth: secret_fields.includes("private_key") ? "key" : "password", encryption_key_id: encryption_key_id === null ? "" : String(encryption_key_id) };
}

/** What was typed, as the API takes it for a new storage: what was left empty has the API's default. */
export function configOf(preset: Preset, values: StorageValues): StorageConfig {
  const fields = usedFields(preset, values).map((field) => [field, values[field].trim()] as const).filter(([, value]) => value !== "");
  return { type: typeOf(preset), ...Object.fromEntries(fields.map(([field, value]) => [field, typed(field, value)])) } as StorageConfig;
}

/** What is to change of one that is there: an empty secret stays as it is, an empty other field is taken away. */
export function changesOf(before: Storage, values: StorageValues): Record<string, unknown> {
  const preset = presetOf(before);
  const used = usedFields(preset, values);
  const known = knownValues(before);
  const changes: Record<string, unknown> = {};
  for (const field of FIELDS[before.type]) {
    const value = values[field].trim();
    if (!used.includes(field)) { if (before.secret_fields.includes(field)) changes[field] = null; } else if (value !== known[field]) {
      if (value !== "") changes[field] = typed(field, value);
      else if (!SECRETS.includes(field)) changes[field] = null;
    }
  }
  // A session's token belongs to the access key that it came with.
  if ("access_key_id" in changes && !("session_token" in changes) && before.secret_fields.includes("session_token")) changes["session_token"] = null;
  return changes;
}

/** Without what the choice of how to log in leaves out. */
function usedFields(preset: Preset, { auth }: StorageValues): ConfigField[] {
  const without: readonly string[] = preset === "aws" ? ["endpoint"] : preset === "sftp" ? (auth === "key" ? ["password"] : ["private_key", "passphrase"]) : [];
  return (FIELDS[typeOf(preset)] as readonly ConfigField[]).filter((field) => !without.includes(field));
}

const NEEDED: Record<Preset, readonly ConfigField[]> = {
  aws: ["bucket", "region", "access_key_id", "secret_access_key"], r2: ["endpoint", "bucket", "access_key_id", "secret_access_key"], s3: ["endpoint", "bucket", "access_key_id", "secret_access_key"],
  sftp: ["host", "username", "root", "password", "private_key", "host_fingerprint"], local: ["root"],
};

/** Must it be filled in? Secrets that are set already need not be given again. */
export function isNeeded(field: ConfigField, preset: Preset, values: StorageValues, kept: readonly string[]): boolean {
  return NEEDED[preset].includes(field) && usedFields(preset, values).includes(field) && !kept.includes(field);
}

/** A number that is none goes as it was typed: the API says what it must be. */
function typed(field: string, value: string): string | number | boolean {
  if (field === "path_style") return value === "true";
  return NUMBERS.includes(field) && /^-?\d+$/.test(value) ? Number(value) : value;
}
