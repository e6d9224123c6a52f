export { Bus, isConflict, type BusOptions } from "./bus.ts";
export { ConfigError, loadConfig, VERSION, type Config } from "./config.ts";
export { acquireLease, heldLeases, heldStems, type Lease } from "./leases.ts";
export { backoff_ms, pause, runMain } from "./lifecycle.ts";
export { createLog, type Log } from "./log.ts";
export type { ServiceContext } from "./ops.ts";
export { CONNECTION_CONTEXT, loadSecrets, Secrets } from "./secrets.ts";
export { hostService, type HostOptions, type StartService } from "./service.ts";
export { work, type Again, type WorkOptions } from "./worker.ts";
