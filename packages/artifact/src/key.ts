import { ENGINE_TYPES, SafebaseError } from "@safebase/contracts";
import type { EngineType } from "@safebase/contracts";

export type StemParts = { type: EngineType; name: string; created_at: Date; backup_id: number };

export const MANIFEST_SUFFIX = ".manifest.json";

const NAME_MAX_BYTES = 80;
const STEM = new RegExp(`^(${ENGINE_TYPES.join("|")})/([^/]+)_\\1_(\\d{4})(\\d{2})(\\d{2})_(\\d{2})(\\d{2})(\\d{2})_([1-9]\\d{0,15})$`);

/** What the files of an artifact share: `{type}/{name}_{type}_{YYYYMMDD}_{HHMMSS}_{backup_id}`, times in UTC. */
export function artifactStem({ type, name, created_at, backup_id }: StemParts): string {
  const [day, time] = created_at.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").split("T");
  return `${type}/${safeName(name)}_${type}_${day}_${time}_${backup_id}`;
}

/** The parts of a stem (the name as it is in there, made safe), or undefined when it is none of ours. */
export function parseStem(stem: string): StemParts | undefined {
  const found = STEM.exec(stem);
  if (!found) return undefined;
  const [, type, name, year, month, day, hour, minute, second, id] = found as unknown as string[];
  const created_at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const backup_id = Number(id);
  if (Number.isNaN(created_at.getTime()) || !Number.isSafeInteger(backup_id)) return undefined;
  return { type: type as EngineType, name: name as string, created_at, backup_id };
}

/** The parts of a stem that must be one of ours. */
export function requireStem(stem: string): StemParts {
  const parts = parseStem(stem);
  if (!parts) throw new SafebaseError("bad_request", `not the stem of an artifact: ${JSON.stringify(stem.slice(0, 200))}`);
  return parts;
}

export function manifestKey(stem: string): string {
  return stem + MANIFEST_SUFFIX;
}

/**
 * A database's name as a part of a file name, for every file system and S3: letters and digits of any script stay,
 * the rest becomes `-`; bounded, never empty, and never starting with a dot or a dash.
 */
export function safeName(name: string): string {
  const kept = name.toWellFormed().normalize("NFC").replaceAll(/[^\p{L}\p{N}\p{M}._]+/gu, "-").replaceAll(/\.{2,}/g, ".");
  let bounded = "";
  let size_bytes = 0;
  for (const character of kept.replace(/^[-.\p{M}]+/u, "")) {
    size_bytes += Buffer.byteLength(character);
    if (size_bytes > NAME_MAX_BYTES) break;
    bounded += character;
  }
  return bounded.replace(/[-.]+$/, "") || "database";
}
