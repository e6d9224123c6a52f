import type { Bus, Config, Log, Secrets } from "@safebase/runtime";
import type { StoragePool } from "@safebase/storage";
import type { Role } from "../catalog/schema.ts";
import type { Db, Scope } from "../catalog/scope.ts";
import type { Background } from "./background.ts";
import type { Dispatcher } from "./dispatch.ts";
import type { OutcomeMetrics } from "../metrics/outcomes.ts";
import type { ProgressBoard } from "./progress.ts";

/** What the gateway stands on. */
export interface Core {
  readonly db: Db;
  readonly bus: Bus;
  readonly log: Log;
  readonly config: Config;
  readonly secrets: Secrets;
  readonly storages: StoragePool;
  readonly outcomes: OutcomeMetrics;
  now(): Date;
}

/** What every verb is handed: see `startJobs` for what is more. */
export interface Deps extends Core {
  readonly dispatcher: Dispatcher;
  readonly progress: ProgressBoard;
  readonly background: Background;
}

/** Who asks, and whose things he may see. */
export interface Actor {
  readonly user_id: number;
  readonly email: string;
  readonly role: Role;
  readonly scope: Scope;
  readonly ip: string | null;
}
