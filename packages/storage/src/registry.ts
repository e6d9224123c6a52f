import { SafebaseError } from "@safebase/contracts";
import { z } from "zod";
import { localConfigSchema, openLocal } from "./local.ts";
import type { Storage } from "./storage.ts";

/** Where a storage lies and how to reach it, by its type. A new backend is a line here and one in openStorage. */
export const storageConfigSchema = z.discriminatedUnion("type", [localConfigSchema]);
export type StorageConfig = z.infer<typeof storageConfigSchema>;

/** Checks a config of unknown origin; `bad_request` names what is wrong with it. */
export function parseStorageConfig(input: unknown): StorageConfig {
  const result = storageConfigSchema.safeParse(input);
  if (result.success) return result.data;
  const type = (input as { type?: unknown } | null)?.type;
  const known = storageConfigSchema.options.map((option) => option.shape.type.value);
  if (!known.some((name) => name === type)) {
    throw new SafebaseError("bad_request", `unsupported storage type: ${String(type)}`, { hint: `known types: ${known.join(", ")}` });
  }
  throw new SafebaseError("bad_request", `bad storage configuration: ${z.prettifyError(result.error)}`);
}

/** Opens the storage that a config describes, making its root when it is not there yet. */
export async function openStorage(config: StorageConfig): Promise<Storage> {
  const checked = parseStorageConfig(config);
  switch (checked.type) {
    case "local": return openLocal(checked);
  }
}
