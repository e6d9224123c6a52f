import type { Compression } from "@safebase/contracts";
import { compressStages, decompressStages, extension } from "./codecs.ts";
import { decryptStages } from "./encryption.ts";
import type { Manifest } from "./manifest.ts";
import type { PipelineOptions } from "./pipeline.ts";
import { dataPart } from "./read.ts";
import type { Stage } from "./stage.ts";
import { tapStage } from "./tap.ts";
import { zipFraming } from "./write.ts";

export const DOWNLOAD_FORMS = ["stored", "sql", "zip", "gz"] as const;
export type DownloadForm = (typeof DOWNLOAD_FORMS)[number];

export type ConvertOptions = { pg_restore_path: string; /** For an encrypted artifact. */ identities: readonly string[] };
export type Conversion = { filename: string; content_type: string; pipeline: Pick<PipelineOptions, "stages" | "wrap"> | null };

const COMPRESSION: Record<Exclude<DownloadForm, "stored">, Compression> = { sql: "none", zip: "zip", gz: "gzip" };
const CONTENT_TYPES: Record<DownloadForm, string> = {
  stored: "application/octet-stream", sql: "application/sql", zip: "application/zip", gz: "application/gzip",
};

/**
 * How to hand an artifact out in a form: the file's name and the pipeline to send its stored bytes through, with
 * openArtifact's stream as `input`; a null pipeline means that they go out as they are. All but `stored` are SQL.
 */
export function convert(manifest: Manifest, form: DownloadForm, { pg_restore_path, identities }: ConvertOptions): Conversion {
  const { key } = dataPart(manifest);
  const stem = key.slice(0, -extension(manifest.format, manifest.compression, manifest.encryption !== undefined).length);
  const basename = stem.slice(stem.lastIndexOf("/") + 1);
  const content_type = CONTENT_TYPES[form];
  if (form === "stored") return { filename: key.slice(key.lastIndexOf("/") + 1), content_type, pipeline: null };
  const compression = COMPRESSION[form];
  const filename = basename + extension("sql", compression);
  const decrypt = decryptStages(manifest, identities);
  if (manifest.format === "sql" && manifest.compression === compression) {
    return { filename, content_type, pipeline: decrypt.length === 0 ? null : { stages: decrypt } };
  }
  const to_sql = manifest.format === "custom" ? [toSqlStage(pg_restore_path)] : [];
  const tap = compression === "zip" ? [tapStage()] : [];
  const stages = [...decrypt, ...decompressStages(manifest.compression), ...to_sql, ...tap, ...compressStages(compression)];
  return { filename, content_type, pipeline: { stages, ...zipFraming(compression, stem, null, "sql") } };
}

/** Custom format as a script: needs no server. */
function toSqlStage(pg_restore_path: string): Stage {
  return { program: pg_restore_path, args: ["-f", "-"], package: "postgresql-client", failure_code: "artifact_damaged" };
}
