import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

export interface MemoryPeak {
  /** Of the process itself, as the kernel saw it (VmHWM). */
  readonly own_bytes: number;
  /** All its descendants added up at the worst moment; memory that two share is counted twice. */
  readonly children_bytes: number;
}

/** Seldom enough not to be felt: each sample reads a file for every thread. */
const SAMPLE_MS = 250;

/** Watches a process and its descendants while `work` runs. */
export async function peakDuring<T>(pid: number, work: () => Promise<T>): Promise<{ value: T; peak: MemoryPeak }> {
  writeFileSync(`/proc/${pid}/clear_refs`, "5"); // sets VmHWM to what is used now
  let children_bytes = 0;
  const timer = setInterval(() => { children_bytes = Math.max(children_bytes, childrenBytes(pid)); }, SAMPLE_MS);
  try {
    const value = await work();
    return { value, peak: { own_bytes: statusBytes(pid, "VmHWM"), children_bytes } };
  } finally {
    clearInterval(timer);
  }
}

/** The middle of what the process uses over two seconds in which it is left alone. */
export async function idleBytes(pid: number, signal: AbortSignal): Promise<number> {
  const seen: number[] = [];
  for (let sample = 0; sample < 20; sample++) {
    await wait(100, undefined, { signal });
    seen.push(statusBytes(pid, "VmRSS"));
  }
  return seen.sort((a, b) => a - b)[10] ?? 0;
}

function statusBytes(pid: number, field: "VmHWM" | "VmRSS"): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1]) * 1024;
}

function childrenBytes(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + residentBytes(child) + childrenBytes(child), 0);
}

function childrenOf(pid: number): number[] {
  try {
    const lists = readdirSync(`/proc/${pid}/task`).map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "latin1"));
    return lists.flatMap((list) => list.split(" ").filter((word) => word !== "").map(Number));
  } catch {
    return []; // It ended between one look and the next.
  }
}

function residentBytes(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]) * 4096;
  } catch {
    return 0; // It ended between one look and the next.
  }
}
