import { spawnSync } from "node:child_process";
import { cpus, loadavg, release, totalmem } from "node:os";

/** What the figures depend on besides the code. */
export function describeMachine(): { cores: number; cpu: string; memory_gb: number; kernel: string; node: string; zstd: string; load_before: number; at: string } {
  return {
    at: new Date().toISOString(), cores: cpus().length, cpu: cpus()[0]?.model.trim() ?? "unknown", memory_gb: Math.round(totalmem() / 1e9),
    kernel: release(), node: process.version, zstd: /v[\d.]+/.exec(spawnSync("zstd", ["--version"], { encoding: "utf8" }).stdout)?.[0] ?? "unknown",
    load_before: Number(loadavg()[0]?.toFixed(1)),
  };
}
