import { SafebaseError } from "@safebase/contracts";
import { throwIfAborted } from "@safebase/storage";
import type { Cancelable, Storage } from "@safebase/storage";
import { pipeline } from "node:stream";
import type { Readable } from "node:stream";
import { manifestKey, requireStem } from "./key.ts";
import { parseManifest } from "./manifest.ts";
import type { Manifest, ManifestPart } from "./manifest.ts";
import { difference, Meter } from "./meter.ts";
import { partKey } from "./parts.ts";
import type { PartName } from "./parts.ts";

const MANIFEST_MAX_BYTES = 64 * 1024 * 1024;

/** The manifest of an artifact. `artifact_missing` when there is none, `artifact_damaged` when it is not as written. */
export async function readManifest(storage: Storage, stem: string, options: Cancelable = {}): Promise<Manifest> {
  const { backup_id, type } = requireStem(stem);
  const key = manifestKey(stem);
  const chunks: Uint8Array[] = [];
  for await (const chunk of await storage.get(key, { length: MANIFEST_MAX_BYTES, ...options })) chunks.push(chunk as Uint8Array);
  const manifest = parseManifest(Buffer.concat(chunks).toString("utf8"), key);
  if (manifest.backup_id !== backup_id || manifest.database.type !== type || !manifest.parts.every((part) => part.key === rightKey(stem, manifest, part))) {
    throw new SafebaseError("artifact_damaged", `the manifest ${key} belongs to another artifact`);
  }
  return manifest;
}

function rightKey(stem: string, { format, compression, encryption, parts }: Manifest, { name, role }: ManifestPart): string {
  const part: PartName = parts.length === 1 || name === undefined || role === undefined ? null : { name, role };
  return partKey(stem, part, { format, compression, encrypted: encryption !== undefined });
}

/** The manifest, if the artifact is complete: all its data is there with the right size (not yet: the right bytes). */
export async function findComplete(storage: Storage, stem: string, options: Cancelable = {}): Promise<Manifest | undefined> {
  if (!await storage.stat(manifestKey(stem))) return undefined;
  const manifest = await readManifest(storage, stem, options);
  return await isComplete(storage, manifest) ? manifest : undefined;
}

/** Is all the data there that a manifest names, with the right sizes? */
export async function isComplete(storage: Storage, { parts }: Manifest): Promise<boolean> {
  const sizes = await Promise.all(parts.map(async ({ key }) => (await storage.stat(key))?.size_bytes));
  return parts.every(({ size_bytes }, index) => sizes[index] === size_bytes);
}

/** Is all the data there, with the right sizes? Throws `artifact_missing` or `artifact_damaged` where it is not. */
export async function requireParts(storage: Storage, { parts }: Manifest, { signal }: Cancelable = {}): Promise<void> {
  await Promise.all(parts.map((part) => requirePart(storage, part)));
  throwIfAborted(signal);
}

async function requirePart(storage: Storage, part: ManifestPart): Promise<void> {
  const found = await storage.stat(part.key);
  if (!found) throw new SafebaseError("artifact_missing", `the storage does not hold ${part.key}, though its manifest is there`);
  const wrong_size = difference(part, found.size_bytes);
  if (wrong_size) throw wrong_size;
}

/** Opens the stored bytes of a part. They are hashed on the way, and the end fails with `artifact_damaged` when they are not those written. */
export async function openPart(storage: Storage, part: ManifestPart, options: Cancelable = {}): Promise<Readable> {
  await requirePart(storage, part);
  const meter = new Meter(part);
  pipeline(await storage.get(part.key, options), meter, () => {}); // what goes wrong is the meter's error, for its reader
  return meter;
}

/** Reads the whole artifact and compares it with its manifest; resolves to the manifest when it is as written. */
export async function checkArtifact(storage: Storage, stem: string, options: Cancelable = {}): Promise<Manifest> {
  const manifest = await readManifest(storage, stem, options);
  for (const part of manifest.parts) {
    for await (const _ of await openPart(storage, part, options)) { /* the end tells */ }
  }
  return manifest;
}

/** Removes an artifact, complete or not: the manifest first, so that a half is never taken for a backup. May be repeated. */
export async function removeArtifact(storage: Storage, stem: string): Promise<void> {
  requireStem(stem);
  await storage.delete(manifestKey(stem));
  const keys: string[] = [];
  for await (const { key } of storage.list(`${stem}.`)) keys.push(key);
  for (const key of keys) await storage.delete(key);
}
