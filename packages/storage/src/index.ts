export * from "./storage.ts";
export * from "./keys.ts";
export * from "./abort.ts";
export * from "./registry.ts";
export { isTransient, type RepeatPolicy } from "./repeat.ts";
export { withRetry } from "./decorators/retry.ts";
export { withLimits, type Limits } from "./decorators/limit.ts";
export { withMetrics, type StorageMeters } from "./decorators/metrics.ts";
export { withLog, type StorageLog } from "./decorators/log.ts";
