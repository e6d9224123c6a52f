import { SafebaseError } from "@safebase/contracts";
import type { Cancelable, Storage } from "@safebase/storage";
import { pipeline } from "node:stream";
import type { Readable } from "node:stream";
import { extension, rawExtension } from "./codecs.ts";
import { manifestKey, requireStem } from "./key.ts";
import { parseManifest } from "./manifest.ts";
import type { Manifest, ManifestPart } from "./manifest.ts";
import { difference, Meter } from "./meter.ts";

const MANIFEST_MAX_BYTES = 64 * 1024 * 1024;

/** The manifest of an artifact. `artifact_missing` when there is none, `artifact_damaged` when it is not as written. */
export async function readManifest(storage: Storage, stem: string, options: Cancelable = {}): Promise<Manifest> {
  const { backup_id, type } = requireStem(stem);
  const key = manifestKey(stem);
  const chunks: Uint8Array[] = [];
  for await (const chunk of await storage.get(key, { length: MANIFEST_MAX_BYTES, ...options })) chunks.push(chunk as Uint8Array);
  const manifest = parseManifest(Buffer.concat(chunks).toString("utf8"), key);
  const right_key = stem + extension(manifest.format, manifest.compression, manifest.encryption !== undefined);
  if (manifest.backup_id !== backup_id || manifest.database.type !== type || dataPart(manifest).key !== right_key) {
    throw new SafebaseError("artifact_damaged", `the manifest ${key} belongs to another artifact`);
  }
  return manifest;
}

/** The one object with the dump in it. */
export function dataPart(manifest: Manifest): ManifestPart {
  return manifest.parts[0] as ManifestPart; // the schema wants exactly one
}

/** The name that the dump has when it is not compressed. */
export function rawName(manifest: Manifest, stem: string): string {
  return stem.slice(stem.lastIndexOf("/") + 1) + rawExtension(manifest.format);
}

/** The manifest, if the artifact is complete: its data is there with the right size (not yet: the right bytes). */
export async function findComplete(storage: Storage, stem: string, options: Cancelable = {}): Promise<Manifest | undefined> {
  if (!await storage.stat(manifestKey(stem))) return undefined;
  const manifest = await readManifest(storage, stem, options);
  const { key, size_bytes } = dataPart(manifest);
  return (await storage.stat(key))?.size_bytes === size_bytes ? manifest : undefined;
}

/** Opens the stored bytes. They are hashed on the way, and the end fails with `artifact_damaged` when they are not those written. */
export async function openArtifact(storage: Storage, manifest: Manifest, options: Cancelable = {}): Promise<Readable> {
  const part = dataPart(manifest);
  const found = await storage.stat(part.key);
  if (!found) throw new SafebaseError("artifact_missing", `the storage does not hold ${part.key}, though its manifest is there`);
  const wrong_size = difference(part, found.size_bytes);
  if (wrong_size) throw wrong_size;
  const meter = new Meter(part);
  pipeline(await storage.get(part.key, options), meter, () => {}); // what goes wrong is the meter's error, for its reader
  return meter;
}

/** Reads the whole artifact and compares it with its manifest; resolves to the manifest when it is as written. */
export async function checkArtifact(storage: Storage, stem: string, options: Cancelable = {}): Promise<Manifest> {
  const manifest = await readManifest(storage, stem, options);
  const stream = await openArtifact(storage, manifest, options);
  stream.resume();
  await new Promise<void>((resolve, reject) => {
    stream.once("end", resolve);
    stream.once("error", reject);
  });
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
