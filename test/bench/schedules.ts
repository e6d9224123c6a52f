import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { BUCKETS, Due, STREAMS, subjects, type ScheduleEntry } from "@safebase/contracts";
import { Bus, createLog } from "@safebase/runtime";
import { freePort, ServerProcess, startNats, tempDir, type NatsServer } from "@safebase/testing";
import { plansDueAt, type DuePlan } from "./due-plans.ts";
import { peakDuring, type MemoryPeak } from "./memory.ts";

const SCHEDULER = resolve(import.meta.dirname, "../../services/scheduler/src/main.ts");
const DISTINCT_PLANS = 500;
const WRITTEN_PER_S = 500;
const WRITES_AT_ONCE = 100;
const AFTERWARDS_MS = 10_000;

/** What became of schedules that were all due in one minute. */
export interface Rush {
  readonly schedules: number;
  readonly plans: number;
  readonly emitted: number;
  readonly doubled: number;
  /** From the planned time until NATS had it, sorted. */
  readonly lateness_ms: number[];
  readonly memory: MemoryPeak;
}

/** Many schedules due at once, of hundreds of distinct plans, then of a single one; each on a NATS and a scheduler of its own. */
export async function measureRushes(schedules: number, signal: AbortSignal, say: (line: string) => void): Promise<Rush[]> {
  const rushes: Rush[] = [];
  for (const plans of [Math.min(DISTINCT_PLANS, schedules), 1]) rushes.push(await measureRush(schedules, plans, signal, say));
  return rushes;
}

async function measureRush(schedules: number, planCount: number, signal: AbortSignal, say: (line: string) => void): Promise<Rush> {
  await using nats = await startNats();
  await using bus = await Bus.connect({ url: nats.url, name: "bench", lease_ttl_ms: 60_000, log: createLog("bench", "silent") }, signal);
  await using scheduler = await startScheduler(nats);
  const minute = nextMinute(10_000 + (schedules / WRITTEN_PER_S) * 1000);
  say(`${schedules} schedules with ${planCount} distinct plan${planCount === 1 ? "" : "s"}, all due at ${minute.toISOString()} …`);
  const { value: lateness, peak } = await peakDuring(scheduler.pid, async () => {
    await writeSchedules(bus, schedules, plansDueAt(minute, planCount));
    await until(async () => await scheduler.known() === schedules, "the scheduler to know every schedule", minute.getTime() - Date.now(), signal);
    await until(async () => Date.now() > minute.getTime() && await dueCount(bus) >= schedules, "every event", minute.getTime() - Date.now() + 60_000, signal).catch(giveUp);
    await wait(AFTERWARDS_MS, undefined, { signal }); // doubles would come late
    return latenessOf(bus, minute);
  });
  const lateness_ms = [...lateness.values()].map(([first = Infinity]) => first).sort((a, b) => a - b);
  const doubled = [...lateness.values()].reduce((sum, times) => sum + times.length - 1, 0);
  return { schedules, plans: planCount, emitted: lateness.size, doubled, lateness_ms, memory: peak };
}

/** What is missing is a figure of the report, too. */
function giveUp(error: unknown): void {
  if ((error as Error).name === "AbortError") throw error;
}

function nextMinute(notBefore_ms: number): Date {
  return new Date(Math.ceil((Date.now() + notBefore_ms) / 60_000) * 60_000);
}

interface Scheduler extends AsyncDisposable { readonly pid: number; known(): Promise<number> }

/** A process of its own, with the memory setting that `npm start` uses. */
async function startScheduler(nats: NatsServer): Promise<Scheduler> {
  await using stack = new AsyncDisposableStack();
  const dir = stack.use(await tempDir("bench-scheduler"));
  const port = await freePort();
  const program = new ServerProcess({
    program: process.execPath, args: ["--max-semi-space-size=1", SCHEDULER], log_path: join(dir.path, "log"),
    env: { SAFEBASE_NATS_URL: nats.url, SAFEBASE_METRICS_PORT: String(port) },
  });
  stack.defer(() => program.signal("SIGTERM"));
  const page = async (): Promise<string> => (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  await program.start(async () => { await page(); });
  const owned = stack.move();
  return {
    pid: program.pid as number,
    known: async () => Number(/^safebase_scheduler_schedules(?:\{.*\})? (\d+)/m.exec(await page())?.[1]),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** As the gateway writes them: many at a time. */
async function writeSchedules(bus: Bus, count: number, plans: readonly DuePlan[]): Promise<void> {
  const since = new Date().toISOString();
  const ids = Array.from({ length: count }, (_, index) => index + 1).values();
  await bus.withBucket(BUCKETS.schedules, (kv) => Promise.all(Array.from({ length: WRITES_AT_ONCE }, async () => {
    for (const schedule_id of ids) {
      const entry: ScheduleEntry = { schedule_id, ...plans[schedule_id % plans.length] as DuePlan, jitter_s: 0, since };
      await kv.put(`schedule.${schedule_id}`, JSON.stringify(entry));
    }
  })));
}

async function dueCount(bus: Bus): Promise<number> {
  const manager = await bus.js.jetstreamManager();
  const { state } = await manager.streams.info(STREAMS.events, { subjects_filter: subjects.allDue });
  return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
}

/** By schedule, how late NATS stored each of its events for this minute. */
async function latenessOf(bus: Bus, minute: Date): Promise<Map<number, number[]>> {
  const consumer = await bus.js.consumers.get(STREAMS.events, { filter_subjects: subjects.allDue });
  const found = new Map<number, number[]>();
  let left = (await consumer.info()).num_pending;
  if (left === 0) return found;
  for await (const message of await consumer.consume()) {
    const due = Due.parse(message.json());
    if (Date.parse(due.planned_at) === minute.getTime()) {
      const late_ms = message.info.timestampNanos / 1e6 - minute.getTime();
      found.set(due.schedule_id, [...found.get(due.schedule_id) ?? [], late_ms]);
    }
    if (--left === 0) break;
  }
  return found;
}

async function until(ask: () => Promise<boolean>, what: string, timeout_ms: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + timeout_ms;
  while (!await ask()) {
    if (performance.now() > deadline) throw new Error(`waited ${timeout_ms} ms for ${what}`);
    await wait(250, undefined, { signal });
  }
}
