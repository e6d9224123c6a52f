import { SafebaseError, type Compression, type EngineType, type Format } from "@safebase/contracts";

interface Asked { readonly format?: Format | null | undefined; readonly compression?: Compression | null | undefined }

/** What is dumped and how it is packed, where the user has not said. */
export function withDefaults(type: EngineType, asked: Asked): { format: Format; compression: Compression } {
  return { format: asked.format ?? (type === "postgresql" ? "custom" : "sql"), compression: asked.compression ?? "zstd" };
}

/** Throws `bad_request` for a format that the engine's tools do not know. */
export function checkFormat(type: EngineType, format: Format | null | undefined): void {
  if (format !== "custom" || type === "postgresql") return;
  throw new SafebaseError("bad_request", `format: custom is a format of PostgreSQL; a ${type} database is backed up as sql`);
}
