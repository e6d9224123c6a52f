import type { DeleteCommand } from "@safebase/contracts";
import type { KvEntry } from "@nats-io/kv";
import { Bus } from "./bus.ts";
import { createLog } from "./log.ts";

/** A connection of its own for a test. */
export function connectBus(server: { url: string }, options: { lease_ttl_ms?: number; awaits_gateway?: boolean; signal?: AbortSignal } = {}): Promise<Bus> {
  const { lease_ttl_ms = 60_000, awaits_gateway = false, signal = new AbortController().signal } = options;
  return Bus.connect({ url: server.url, name: "test", lease_ttl_ms, awaits_gateway, log: createLog("test", "silent") }, signal);
}

export function deleteCommand(jobId: number): DeleteCommand {
  return {
    kind: "delete", job_id: jobId, group: "default", cleanup_only: false, limits: { time_s: 10, stall_s: 10 },
    backup_id: jobId, storages: [{ name: "local", config_sealed: null }], stem: `postgresql/test_${jobId}`, created_at: new Date(0).toISOString(),
  };
}

export function textOf(entry: KvEntry | null): string | undefined {
  return entry?.string();
}
