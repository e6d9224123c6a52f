import { SafebaseError } from "@safebase/contracts";
import type { BackupPart, Compression, Format } from "@safebase/contracts";
import { createHash } from "node:crypto";
import { extension } from "./codecs.ts";
import { manifestKey } from "./key.ts";
import type { Manifest, ManifestPart, PartRole } from "./manifest.ts";

/** What tells a part from the others; null for the one that an artifact has alone. */
export type PartName = { readonly name: string; readonly role: PartRole } | null;
export type Coding = { readonly format: Format; readonly compression: Compression; readonly encrypted: boolean };

/** Where a part lies: the stem, its name where there are several, and the ending by which standard tools know it. */
export function partKey(stem: string, part: PartName, { format, compression, encrypted }: Coding): string {
  return partStem(stem, part) + extension(formatOf(format, part?.role), compression, encrypted);
}

/** A part's key without its ending. */
export function partStem(stem: string, part: PartName): string {
  return part === null ? stem : `${stem}.${part.name}`;
}

/** Roles are written as SQL, whatever the dump's own format. */
export function formatOf(format: Format, role: PartRole | undefined): Format {
  return role === "globals" ? "sql" : format;
}

/** The parts that make the dump: all but the server's roles. */
export function dumpParts({ parts }: Manifest): ManifestPart[] {
  return parts.filter(({ role }) => role !== "globals");
}

/** The part of that name; `not_found` lists those that there are. */
export function namedPart({ parts }: Manifest, name: string): ManifestPart {
  const found = parts.find((part) => part.name === name);
  if (found !== undefined) return found;
  const names = parts.flatMap((part) => part.name ?? []);
  throw new SafebaseError("not_found", names.length === 0 ? "the backup is one file: it has no parts" : `the backup has no part of that name, but ${names.join(", ")}`);
}

export type ArtifactDigest = { sha256: string; size_bytes: number; raw_size_bytes: number | null };

/**
 * What the catalog remembers of an artifact. Of one part it is that part's own; of several the sum of their sizes, and
 * the SHA-256 of what `sha256sum` prints for their files, one after the other.
 */
export function artifactDigest({ parts }: Manifest): ArtifactDigest {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return { sha256: only.sha256, size_bytes: only.size_bytes, raw_size_bytes: only.raw_size_bytes };
  const lines = parts.map(({ sha256, key }) => `${sha256}  ${baseName(key)}\n`).join("");
  const size_bytes = parts.reduce((sum, part) => sum + part.size_bytes, 0);
  const raw_size_bytes = parts.reduce<number | null>((sum, part) => sum === null || part.raw_size_bytes === null ? null : sum + part.raw_size_bytes, 0);
  return { sha256: createHash("sha256").update(lines).digest("hex"), size_bytes, raw_size_bytes };
}

/** What the catalog tells of each part, where there are several. */
export function knownParts({ parts }: Manifest): BackupPart[] | null {
  return parts.length === 1 ? null : parts.map(({ name = "", key, size_bytes, sha256 }) => ({ name, key, size_bytes, sha256 }));
}

/** Under which key a user finds an artifact: its one file, or the manifest that names its parts. */
export function artifactKey(manifest: Manifest): string {
  const [only, ...others] = manifest.parts;
  return only !== undefined && others.length === 0 ? only.key : manifestKey(stemOf(manifest));
}

/** What its keys have in common. */
export function stemOf({ parts, format, compression, encryption }: Manifest): string {
  const [{ key, name, role }] = parts as [ManifestPart];
  const ending = extension(formatOf(format, role), compression, encryption !== undefined);
  return key.slice(0, -(parts.length === 1 ? ending : `.${name}${ending}`).length);
}

/** A key's last segment: the name of its file. */
export const baseName = (key: string): string => key.slice(key.lastIndexOf("/") + 1);
