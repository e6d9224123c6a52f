import type { Compression, Format } from "@safebase/contracts";
import { throwIfAborted } from "@safebase/storage";
import type { Cancelable, ObjectStat, Storage } from "@safebase/storage";
import { pipeline, Readable } from "node:stream";
import { compressStages, extension, rawExtension } from "./codecs.ts";
import { encryptStages } from "./encryption.ts";
import { manifestKey, requireStem } from "./key.ts";
import { MANIFEST_VERSION, serializeManifest } from "./manifest.ts";
import type { Manifest, ManifestDraft, ManifestPart } from "./manifest.ts";
import { Meter } from "./meter.ts";
import { runPipeline } from "./pipeline.ts";
import type { PipelineOptions } from "./pipeline.ts";
import type { RawReport, Stage } from "./stage.ts";
import { tapStage, verifyTrailer } from "./tap.ts";
import type { WatchOptions } from "./watch.ts";
import { ZipFrame } from "./zip.ts";

export type WriteOptions = WatchOptions & Cancelable & {
  storage: Storage;
  stem: string;
  format: Format;
  compression: Compression;
  /** age's, to encrypt to; none leaves it in the clear. */
  recipients?: readonly string[] | undefined;
  /** What writes the dump to stdout. */
  stages: readonly Stage[];
  /** The start of a line that must be among the last of the dump; null where the format shows its end itself. */
  trailer: string | null;
  /** Asked once the data is stored: contents may be counted while it is written. */
  draft: () => ManifestDraft | Promise<ManifestDraft>;
  /** The last moment to refuse (is the lease still ours?): what it throws fails the write. */
  beforeManifest?: (() => Promise<void>) | undefined;
};

/**
 * Dumps, compresses, stores and, as the last act, makes it a backup by its manifest. A failure at any point removes
 * the data that this call wrote, and nothing that was there before.
 */
export async function writeArtifact(options: WriteOptions): Promise<Manifest> {
  requireStem(options.stem);
  const { storage, stem, signal } = options;
  const part = await writeData(options);
  const written = await storage.stat(part.key);
  try {
    const draft = await options.draft();
    const manifest = assemble(options, draft, part);
    throwIfAborted(signal);
    await options.beforeManifest?.();
    await storage.put(manifestKey(stem), Readable.from([serializeManifest(manifest)]), { signal });
    return manifest;
  } catch (error) {
    await removeOwn(storage, stem, part.key, written);
    throw error;
  }
}

async function writeData(options: WriteOptions): Promise<ManifestPart> {
  const { storage, stem, format, compression, trailer, signal } = options;
  const encrypt = encryptStages(options.recipients);
  const key = stem + extension(format, compression, encrypt.length > 0);
  const meter = new Meter();
  const store = (output: Readable): Promise<unknown> => storage.put(key, pipeline(output, meter, () => {}), { signal }); // the meter has the error
  const framed = compression === "zip" && encrypt.length > 0; // zip's frame is ours, so age comes after us
  const { raw } = await runPipeline({
    ...options,
    stages: [...options.stages, ...tapFor(options), ...compressStages(compression), ...(framed ? [] : encrypt)],
    ...zipFraming(compression, stem, format),
    verify: (seen) => { if (trailer !== null) verifyTrailer(trailer, seen?.tail); },
    sink: framed ? (output) => runPipeline({ stages: encrypt, input: output, sink: store, signal }) : store,
  });
  const raw_size_bytes = raw?.size_bytes ?? (compression === "none" && encrypt.length === 0 ? meter.size_bytes : null);
  return { key, size_bytes: meter.size_bytes, sha256: meter.sha256, raw_size_bytes, codecs: codecsOf(options) };
}

function codecsOf({ compression, recipients = [] }: WriteOptions): ManifestPart["codecs"] {
  return [...(compression === "none" ? [] : [compression]), ...(recipients.length === 0 ? [] : ["age" as const])];
}

/** Where the last bytes must be seen, and where nothing else tells the exact size. */
function tapFor({ trailer, compression, recipients = [] }: WriteOptions): Stage[] {
  const told = compression === "zstd" || (compression === "none" && recipients.length === 0);
  return trailer !== null || !told ? [tapStage()] : [];
}

/** What runPipeline needs besides gzip's stage to write a zip. */
export function zipFraming(compression: Compression, stem: string, format: Format): Pick<PipelineOptions, "wrap"> {
  if (compression !== "zip") return {};
  const entry_name = stem.slice(stem.lastIndexOf("/") + 1) + rawExtension(format);
  const { created_at } = requireStem(stem);
  const wrap = (raw: Promise<RawReport | undefined>): ZipFrame => new ZipFrame(entry_name, created_at, async () => (await raw)?.size_bytes);
  return { wrap };
}

function assemble({ format, compression, recipients = [] }: WriteOptions, draft: ManifestDraft, part: ManifestPart): Manifest {
  const encryption = recipients.length === 0 ? {} : { encryption: { format: "age" as const, recipients: [...recipients] } };
  return { format_version: MANIFEST_VERSION, ...draft, format, compression, ...encryption, parts: [part], finished_at: new Date().toISOString() };
}

/** Removes the data unless somebody else put other data there, or made it a backup, in the meantime. */
async function removeOwn(storage: Storage, stem: string, key: string, written: ObjectStat | undefined): Promise<void> {
  const there = await storage.stat(key);
  const same = there?.size_bytes === written?.size_bytes && there?.modified_at.getTime() === written?.modified_at.getTime();
  if (same && !await storage.stat(manifestKey(stem))) await storage.delete(key);
}
