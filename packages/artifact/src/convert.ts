import { SafebaseError } from "@safebase/contracts";
import type { Compression } from "@safebase/contracts";
import type { Storage } from "@safebase/storage";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { compressStages, decompressStages, extension } from "./codecs.ts";
import { decryptStages } from "./encryption.ts";
import type { Manifest, ManifestPart } from "./manifest.ts";
import { baseName, dumpParts, formatOf, partStem, stemOf } from "./parts.ts";
import type { PartName } from "./parts.ts";
import { runPipeline } from "./pipeline.ts";
import type { PipelineOptions } from "./pipeline.ts";
import { openPart } from "./read.ts";
import type { Stage } from "./stage.ts";
import { tapStage } from "./tap.ts";
import { zipFraming } from "./write.ts";

export const DOWNLOAD_FORMS = ["stored", "sql", "zip", "gz"] as const;
export type DownloadForm = (typeof DOWNLOAD_FORMS)[number];

export type ConvertOptions = {
  pg_restore_path: string;
  /** For an encrypted artifact. */
  identities: readonly string[];
  /** One of several alone. */
  part?: ManifestPart | undefined;
};

/** How to hand an artifact out in a form. */
export type Conversion = {
  filename: string;
  content_type: string;
  /** What goes out as it lies there; else all `parts` do, one after the other. */
  stored: ManifestPart | null;
  /** Each goes through stages of its own, and all together through the last ones. */
  parts: readonly { part: ManifestPart; stages: readonly Stage[] }[];
  last: Pick<PipelineOptions, "stages" | "wrap">;
};

const COMPRESSION: Record<Exclude<DownloadForm, "stored">, Compression> = { sql: "none", zip: "zip", gz: "gzip" };
const CONTENT_TYPES: Record<DownloadForm, string> = {
  stored: "application/octet-stream", sql: "application/sql", zip: "application/zip", gz: "application/gzip",
};

/**
 * How to hand an artifact, or a part of it, out in a form: all but `stored` are SQL, in which the parts of a dump stand
 * one after the other.
 */
export function convert(manifest: Manifest, form: DownloadForm, options: ConvertOptions): Conversion {
  const parts = options.part === undefined ? dumpParts(manifest) : [options.part];
  const content_type = CONTENT_TYPES[form];
  if (form === "stored") {
    const only = onlyPart(manifest, options.part);
    return { filename: baseName(only.key), content_type, stored: only, parts: [], last: { stages: [] } };
  }
  const compression = COMPRESSION[form];
  const stem = stemOf(manifest);
  const named: PartName = options.part?.name === undefined || options.part.role === undefined ? null : { name: options.part.name, role: options.part.role };
  const filename = baseName(partStem(stem, named)) + extension("sql", compression);
  const [first] = parts as [ManifestPart];
  if (formatOf(manifest.format, first.role) === "sql" && manifest.compression === compression) { // a script is one part
    const stages = decryptStages(manifest, options.identities);
    return { filename, content_type, last: { stages: [] }, ...(stages.length === 0 ? { stored: first, parts: [] } : { stored: null, parts: [{ part: first, stages }] }) };
  }
  const tap = compression === "zip" ? [tapStage()] : [];
  return {
    filename, content_type, stored: null, parts: parts.map((part) => ({ part, stages: toSql(manifest, part, options) })),
    last: { stages: [...tap, ...compressStages(compression)], ...zipFraming(compression, stem, named, "sql") },
  };
}

type RunConversionOptions = { signal?: AbortSignal | undefined; sink: NonNullable<PipelineOptions["sink"]> };

/** Sends what is stored through a conversion. Settles when all of its processes have. */
export async function runConversion({ parts, last }: Conversion, storage: Storage, { signal, sink }: RunConversionOptions): Promise<void> {
  const [first, ...others] = parts;
  if (first !== undefined && others.length === 0 && first.stages.length + last.stages.length > 0) {
    await runPipeline({ stages: [...first.stages, ...last.stages], wrap: last.wrap, input: await openPart(storage, first.part, { signal }), signal, sink });
    return;
  }
  const left = new AbortController();
  const source = eachConverted(parts, storage, signal ? AbortSignal.any([signal, left.signal]) : left.signal);
  const joined = Readable.from(source, { objectMode: false });
  try {
    if (last.stages.length > 0) await runPipeline({ ...last, input: joined, signal, sink });
    else await sink(joined);
  } finally {
    left.abort(); // a reader that wants no more ends the processes
    joined.destroy();
    await source.return(undefined);
  }
}

/** The SQL of one part after that of another; each begins when the one before was read to its end. */
async function* eachConverted(parts: Conversion["parts"], storage: Storage, signal: AbortSignal): AsyncGenerator<Buffer, void> {
  for (const { part, stages } of parts) {
    const through = new PassThrough();
    const running = runPipeline({ stages, input: await openPart(storage, part, { signal }), signal, sink: (output) => pipeline(output, through) });
    const ended = running.catch((error: unknown) => { through.destroy(error instanceof Error ? error : new Error(String(error))); });
    try {
      for await (const chunk of through) yield chunk as Buffer;
    } finally {
      through.destroy();
      await ended;
    }
    await running;
  }
}

function onlyPart({ parts }: Manifest, chosen: ManifestPart | undefined): ManifestPart {
  const [only, ...others] = parts;
  if (chosen !== undefined) return chosen;
  if (only !== undefined && others.length === 0) return only;
  throw new SafebaseError("bad_request", `the backup is stored in several files: ${parts.map(({ name }) => name).join(", ")}`, {
    hint: "download each with part=<name>, or all of it as one script with as=sql",
  });
}

/** An archive becomes a script, which needs no server. */
function toSql(manifest: Manifest, { role }: ManifestPart, { pg_restore_path, identities }: ConvertOptions): Stage[] {
  const script: Stage[] = formatOf(manifest.format, role) === "sql" ? [] : [{ program: pg_restore_path, args: ["-f", "-"], package: "postgresql-client", failure_code: "artifact_damaged" }];
  return [...decryptStages(manifest, identities), ...decompressStages(manifest.compression), ...script];
}
