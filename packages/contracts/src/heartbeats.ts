import { z } from "zod";

/** Services that say every few seconds that they live. Executors say more: see ExecutorHeartbeat. */
export const SERVICES = ["gateway", "scheduler", "notifier"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** One value of the bucket of heartbeats, under `<service>.<id>`. It runs out by itself; an orderly end deletes it. */
export const ServiceHeartbeat = z.object({
  service: z.enum(SERVICES), id: z.string(), host: z.string(), version: z.string(), at: z.iso.datetime(),
});
export type ServiceHeartbeat = z.infer<typeof ServiceHeartbeat>;

/** An executor says this of itself every few seconds. An orderly end deletes it. */
export const ExecutorHeartbeat = z.object({
  executor_id: z.string(),
  host: z.string(),
  group: z.string(),
  version: z.string(),
  clients: z.array(z.object({ name: z.string(), version: z.string() })),
  running_jobs: z.array(z.int()),
  /** So many jobs it runs at once; older ones do not say. */
  concurrency: z.int().positive().optional(),
  /** It was told to stop: it takes nothing more, and ends with what it runs. */
  draining: z.boolean().optional(),
  /** Since when it runs. */
  started_at: z.iso.datetime().optional(),
  at: z.iso.datetime(),
});
export type ExecutorHeartbeat = z.infer<typeof ExecutorHeartbeat>;

/** What people were told last of the gateway by notifiers: one value of the bucket of notifiers, under `gateway`. */
export const GatewayTold = z.object({ state: z.enum(["lost", "alive"]), at: z.iso.datetime() });
export type GatewayTold = z.infer<typeof GatewayTold>;
