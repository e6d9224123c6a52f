import type { Compression, Format } from "@safebase/contracts";
import { ENCRYPTED_EXTENSION } from "./encryption.ts";
import type { Stage } from "./stage.ts";

const EXTENSIONS: Record<Compression, Record<Format, string>> = {
  zstd: { custom: ".dump.zst", sql: ".sql.zst" },
  gzip: { custom: ".dump.gz", sql: ".sql.gz" },
  zip: { custom: ".zip", sql: ".zip" },
  none: { custom: ".dump", sql: ".sql" },
};

/** The end of an artifact's file name; the standard one, by which standard tools know what it is. */
export function extension(format: Format, compression: Compression, encrypted = false): string {
  return EXTENSIONS[compression][format] + (encrypted ? ENCRYPTED_EXTENSION : "");
}

/** The end of the name that a dump has when it is not compressed: that of the one entry in a zip. */
export function rawExtension(format: Format): string {
  return EXTENSIONS.none[format];
}

/**
 * The native stages that compress stdin to stdout. zip shares gzip's: both hold one deflate stream, and only the
 * framing differs, which is written on our side around the compressed bytes (see zip.ts). Info-ZIP's zip 3.0 writes
 * broken archives when it streams more than 4 GiB.
 */
export function compressStages(compression: Compression): Stage[] {
  switch (compression) {
    case "zstd": return [{
      program: "zstd", args: ["-3", "-T0", "--check", "-vv", "--no-progress", "-c"], package: "zstd", raw_side: "read",
      rawReport: (stderr) => {
        const size = /\( *(\d+) B *=> *\d+ B/.exec(stderr)?.[1];
        return size === undefined ? undefined : { size_bytes: Number(size) };
      },
    }];
    case "gzip":
    case "zip": return [{ program: "gzip", args: ["-n", "-6", "-c"], package: "gzip", raw_side: "read" }];
    case "none": return [];
  }
}

/** The native stages that give the dump on stdout from a stored stream on stdin. Their failure means damage. */
export function decompressStages(compression: Compression): Stage[] {
  const common = { raw_side: "written", failure_code: "artifact_damaged" } as const;
  switch (compression) {
    case "zstd": return [{ program: "zstd", args: ["-dcq"], package: "zstd", ...common }];
    case "gzip": return [{ program: "gzip", args: ["-dc"], package: "gzip", ...common }];
    case "zip": return [{ program: "bsdtar", args: ["-xOf", "-"], package: "libarchive-tools", ...common }];
    case "none": return [];
  }
}
