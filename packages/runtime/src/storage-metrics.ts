import { Counter, Histogram, type Registry } from "prom-client";

/** What a pool of storages tells of its operations. */
export interface StorageMetrics {
  readonly duration_seconds: Histogram<"storage" | "operation" | "outcome">;
  readonly bytes: Counter<"storage" | "operation">;
}

/** Registers them. Names of storages are not known before the first use, so their series begin with it. */
export function createStorageMetrics(registry: Registry): StorageMetrics {
  return {
    duration_seconds: new Histogram({
      name: "safebase_storage_operation_duration_seconds",
      help: "What was asked of a storage, tries included: until it was done, or had failed; outcome is ok or the error's code",
      labelNames: ["storage", "operation", "outcome"], buckets: [0.01, 0.1, 1, 10, 60, 600, 3_600], registers: [registry],
    }),
    bytes: new Counter({
      name: "safebase_storage_transferred_bytes_total", help: "Bytes that were put into a storage or got from it, as they lie there",
      labelNames: ["storage", "operation"], registers: [registry],
    }),
  };
}
