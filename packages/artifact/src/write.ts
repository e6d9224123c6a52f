import type { Compression, Format } from "@safebase/contracts";
import { throwIfAborted } from "@safebase/storage";
import type { Cancelable, ObjectStat, Storage } from "@safebase/storage";
import { pipeline, Readable } from "node:stream";
import { compressStages, rawExtension } from "./codecs.ts";
import { encryptStages } from "./encryption.ts";
import { manifestKey, requireStem } from "./key.ts";
import { MANIFEST_VERSIONS, serializeManifest } from "./manifest.ts";
import type { Manifest, ManifestDraft, ManifestPart } from "./manifest.ts";
import { Meter } from "./meter.ts";
import { baseName, formatOf, partKey, partStem } from "./parts.ts";
import type { PartName } from "./parts.ts";
import { runPipeline } from "./pipeline.ts";
import type { PipelineOptions } from "./pipeline.ts";
import type { RawReport, Stage } from "./stage.ts";
import { tapStage, verifyTrailer } from "./tap.ts";
import { Together } from "./together.ts";
import type { RunLane } from "./together.ts";
import type { WatchOptions } from "./watch.ts";
import { ZipFrame } from "./zip.ts";

/** Where the raw bytes of a part come from. */
export type PartSource = {
  /** Null where it is the only one. */
  part: PartName;
  /** What writes the dump to stdout. */
  stages: readonly Stage[];
  /** The start of a line that must be among the last of the dump; null where the format shows its end itself. */
  trailer: string | null;
};

export type WritePartsOptions = WatchOptions & Cancelable & {
  storage: Storage;
  stem: string;
  format: Format;
  compression: Compression;
  /** age's, to encrypt to; none leaves it in the clear. */
  recipients?: readonly string[] | undefined;
  /** In the manifest's order. All are written at once. */
  parts: readonly PartSource[];
  /** Asked once the data is stored: contents may be counted while it is written. */
  draft: () => ManifestDraft | Promise<ManifestDraft>;
  /** The last moment to refuse (is the lease still ours?): what it throws fails the write. */
  beforeManifest?: (() => Promise<void>) | undefined;
};

export type WriteOptions = Omit<WritePartsOptions, "parts"> & Omit<PartSource, "part">;

/** Writes an artifact of one part: see writeParts. */
export function writeArtifact({ stages, trailer, ...options }: WriteOptions): Promise<Manifest> {
  return writeParts({ ...options, parts: [{ part: null, stages, trailer }] });
}

/**
 * Dumps, compresses, stores and, as the last act, makes it a backup by its manifest. A failure at any point ends all
 * and removes the data that this call wrote, and nothing that was there before.
 */
export async function writeParts(options: WritePartsOptions): Promise<Manifest> {
  requireStem(options.stem);
  const { storage, stem, signal } = options;
  const written: Written[] = [];
  try {
    const together = new Together(options);
    const parts = await together.all(options.parts.map((source) => (run) => writePart({ ...options, signal: together.signal, written }, source, run)));
    const draft = await options.draft();
    const manifest = assemble(options, draft, parts);
    throwIfAborted(signal);
    await options.beforeManifest?.();
    await storage.put(manifestKey(stem), Readable.from([serializeManifest(manifest)]), { signal });
    return manifest;
  } catch (error) {
    await removeOwn(storage, stem, written);
    throw error;
  }
}

type Written = { key: string; stat: ObjectStat | undefined };

async function writePart(options: WritePartsOptions & { written: Written[] }, source: PartSource, run: RunLane): Promise<ManifestPart> {
  const { storage, stem, compression, signal } = options;
  const { part, trailer } = source;
  const encrypt = encryptStages(options.recipients);
  const key = partKey(stem, part, { ...options, encrypted: encrypt.length > 0 });
  const meter = new Meter();
  const store = async (output: Readable): Promise<void> => {
    await storage.put(key, pipeline(output, meter, () => {}), { signal }); // the meter has the error
    options.written.push({ key, stat: await storage.stat(key) }); // here, for what was stored may still be canceled
  };
  const framed = compression === "zip" && encrypt.length > 0; // zip's frame is ours, so age comes after us
  const { raw } = await run({
    stages: [...source.stages, ...tapFor(options, trailer), ...compressStages(compression), ...(framed ? [] : encrypt)],
    ...zipFraming(compression, stem, part, options.format),
    verify: (seen) => { if (trailer !== null) verifyTrailer(trailer, seen?.tail); },
    sink: framed ? (output) => runPipeline({ stages: encrypt, input: output, sink: store, signal }) : store,
  });
  const raw_size_bytes = raw?.size_bytes ?? (compression === "none" && encrypt.length === 0 ? meter.size_bytes : null);
  return { ...part, key, size_bytes: meter.size_bytes, sha256: meter.sha256, raw_size_bytes, codecs: codecsOf(options) };
}

function codecsOf({ compression, recipients = [] }: WritePartsOptions): ManifestPart["codecs"] {
  return [...(compression === "none" ? [] : [compression]), ...(recipients.length === 0 ? [] : ["age" as const])];
}

/** Where the last bytes must be seen, and where nothing else tells the exact size. */
function tapFor({ compression, recipients = [] }: WritePartsOptions, trailer: string | null): Stage[] {
  const told = compression === "zstd" || (compression === "none" && recipients.length === 0);
  return trailer !== null || !told ? [tapStage()] : [];
}

/** What runPipeline needs besides gzip's stage to write a zip. */
export function zipFraming(compression: Compression, stem: string, part: PartName, format: Format): Pick<PipelineOptions, "wrap"> {
  if (compression !== "zip") return {};
  const entry_name = baseName(partStem(stem, part)) + rawExtension(formatOf(format, part?.role));
  const { created_at } = requireStem(stem);
  const wrap = (raw: Promise<RawReport | undefined>): ZipFrame => new ZipFrame(entry_name, created_at, async () => (await raw)?.size_bytes);
  return { wrap };
}

function assemble({ format, compression, recipients = [] }: WritePartsOptions, draft: ManifestDraft, parts: ManifestPart[]): Manifest {
  const format_version = parts.length === 1 ? MANIFEST_VERSIONS.one : MANIFEST_VERSIONS.several;
  const encryption = recipients.length === 0 ? {} : { encryption: { format: "age" as const, recipients: [...recipients] } };
  return { format_version, ...draft, format, compression, ...encryption, parts, finished_at: new Date().toISOString() };
}

/** Removes the data unless somebody else put other data there, or made it a backup, in the meantime. */
async function removeOwn(storage: Storage, stem: string, written: readonly Written[]): Promise<void> {
  // What cannot be removed now is swept later: the error that is to be told is the one before.
  await Promise.allSettled(written.map(async ({ key, stat }) => {
    const there = await storage.stat(key);
    const same = there?.size_bytes === stat?.size_bytes && there?.modified_at.getTime() === stat?.modified_at.getTime();
    if (same && !await storage.stat(manifestKey(stem))) await storage.delete(key);
  }));
}
