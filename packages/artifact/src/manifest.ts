import { COMPRESSIONS, Contents, ENGINE_TYPES, FORMATS, SafebaseError, SSL_MODES, TRIGGERS, Warning } from "@safebase/contracts";
import { createHash } from "node:crypto";
import { z } from "zod";

/** What a manifest says it is: of one part, as it always was, or of several. */
export const MANIFEST_VERSIONS = { one: 1, several: 2 } as const;

/** What of a database a part holds. `all` stands alone; the other three make a dump together. */
export const PART_ROLES = ["all", "pre-data", "data", "post-data", "globals"] as const;
export type PartRole = (typeof PART_ROLES)[number];

/** The roles of several parts, in the order in which they stand. */
const ORDER = /^(all|pre-data( data)+ post-data)( globals)?$/;

const bytes = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();

/** One object of the artifact, with what was done to the dump, in this order, to get its bytes. */
const part = z.looseObject({
  /** Where there are several. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/).optional(),
  role: z.enum(PART_ROLES).optional(),
  key: z.string().min(1),
  size_bytes: bytes,
  sha256,
  raw_size_bytes: bytes.nullable(),
  codecs: z.array(z.enum([...COMPRESSIONS, "age"])),
});

/**
 * The JSON that makes an artifact a backup. Unknown fields are kept, so that later versions may add some; a change
 * that an old reader would misread needs another format_version.
 */
export const manifestSchema = z.looseObject({
  format_version: z.literal([MANIFEST_VERSIONS.one, MANIFEST_VERSIONS.several]),
  backup_id: z.int().positive(),
  job_id: z.int().positive(),
  user_id: z.int().positive().optional(),
  /** `name` is the database's on the server, `label` the user's word for the connection. */
  database: z.looseObject({
    id: z.int().positive(), name: z.string(), label: z.string(), type: z.enum(ENGINE_TYPES),
    /** Where it was, so that a lost catalog can be made again. */
    host: z.string().optional(), port: z.int().optional(), username: z.string().optional(), ssl_mode: z.enum(SSL_MODES).optional(),
  }),
  server: z.string(),
  server_version: z.string(),
  tool: z.looseObject({ name: z.string(), version: z.string(), args: z.array(z.string()) }),
  format: z.enum(FORMATS),
  compression: z.enum(COMPRESSIONS),
  /** To whom every part is encrypted; absent when none is. */
  encryption: z.looseObject({ format: z.literal("age"), recipients: z.array(z.string()).min(1) }).optional(),
  parts: z.array(part).min(1).max(64),
  contents: Contents,
  /** The engine's own: what a restore wants to know of the source besides the dump. */
  facts: z.record(z.string(), z.unknown()).optional(),
  warnings: z.array(Warning),
  trigger: z.enum(TRIGGERS),
  created_at: time,
  started_at: time,
  finished_at: time,
  safebase_version: z.string(),
}).refine(({ format_version, parts }) => format_version === MANIFEST_VERSIONS.several ? areSeveral(parts) : parts.length === 1, "its parts are not those of an artifact");

function areSeveral(parts: readonly z.infer<typeof part>[]): boolean {
  const names = new Set(parts.map(({ name, role }) => name === undefined || role === undefined ? undefined : name));
  return parts.length > 1 && names.size === parts.length && !names.has(undefined) && ORDER.test(parts.map(({ role }) => role).join(" "));
}

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestPart = Manifest["parts"][number];

/** What the caller of writeArtifact knows; the rest comes from writing. */
export type ManifestDraft = Pick<Manifest,
  "backup_id" | "job_id" | "user_id" | "database" | "server" | "server_version" | "tool" | "contents" | "facts" | "warnings"
  | "trigger" | "created_at" | "started_at" | "safebase_version">;

/** The manifest as it is stored, with a checksum over everything else in it, so that a flipped bit shows. */
export function serializeManifest(manifest: Manifest): Buffer {
  return Buffer.from(`${JSON.stringify({ ...manifest, checksum: checksum(manifest) }, null, 2)}\n`);
}

/** Reads a stored manifest; `artifact_damaged` says what is wrong with it. */
export function parseManifest(text: string, key: string): Manifest {
  const { checksum: stored, ...manifest } = parseObject(text, key);
  checkVersion(manifest["format_version"], key);
  if (stored !== checksum(manifest)) throw damaged(key, "its checksum does not match its content, so it was altered");
  const result = manifestSchema.safeParse(manifest);
  if (!result.success) throw damaged(key, z.prettifyError(result.error).replaceAll("\n", " "), result.error);
  return result.data;
}

function checkVersion(version: unknown, key: string): void {
  const newest = MANIFEST_VERSIONS.several;
  if (version === MANIFEST_VERSIONS.one || version === newest) return;
  if (typeof version !== "number" || version < newest) throw damaged(key, `its format_version is ${JSON.stringify(version)}`);
  throw new SafebaseError("artifact_damaged", `the manifest ${key} has the format_version ${version}, and this SafeBase reads up to ${newest}`, {
    hint: "a newer SafeBase wrote this backup: upgrade SafeBase, then try again",
  });
}

function parseObject(text: string, key: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (error) {
    throw damaged(key, "it is not valid JSON", error);
  }
  throw damaged(key, "it is not a JSON object");
}

/** SHA-256 over the compact JSON with sorted names, so that neither order nor layout matter. */
function checksum(manifest: Record<string, unknown>): string {
  return createHash("sha256").update(JSON.stringify(sorted(manifest))).digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.entries(value).filter(([, member]) => member !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, member]) => [name, sorted(member)]);
}

function damaged(key: string, reason: string, cause?: unknown): SafebaseError {
  return new SafebaseError("artifact_damaged", `the manifest ${key} is damaged: ${reason}`, { cause });
}
