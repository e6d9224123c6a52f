import { BUCKETS, Due, STREAMS, subjects, type ScheduleEntry } from "@safebase/contracts";
import { Bus, createLog } from "@safebase/runtime";
import { startNats, until, type NatsServer } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { startProgram, type Program } from "../e2e/program.ts";

/** What is emitted later than this is called a catch-up. */
const CATCH_UP_AFTER_MS = 10_000;

describe("a scheduler's process", () => {
  it("that was killed, or stood still, catches up once on what fell due meanwhile", async () => {
    await using nats = await startNats();
    await using bus = await Bus.connect({ url: nats.url, name: "test", lease_ttl_ms: 60_000, log: createLog("test", "silent") }, new AbortController().signal);
    const [killed, stopped] = [inSeconds(4), inSeconds(22)];
    for (const [index, at] of [killed, stopped].entries()) await put(bus, { schedule_id: index + 1, cron: `${at.getUTCSeconds()} * * * * *`, timezone: "UTC", jitter_s: 0, since: new Date().toISOString() });

    await using first = await startScheduler(nats);
    await until("the watermark", async () => await watermark(bus) !== undefined);
    first.signal("SIGKILL");
    await first.ended();
    expect(await dues(bus)).toEqual([]);
    await until("its time to pass", () => Date.now() > killed.getTime() + CATCH_UP_AFTER_MS + 500);

    await using second = await startScheduler(nats);
    await until("the first", async () => (await dues(bus)).length > 0);
    second.signal("SIGSTOP");
    await until("the other's time to pass", () => Date.now() > stopped.getTime() + CATCH_UP_AFTER_MS + 500);
    second.signal("SIGCONT");
    await until("the other", async () => (await dues(bus)).length > 1);

    second.signal("SIGTERM");
    expect(await second.ended()).toBe(0);
    expect(await watermark(bus)).toMatch(/^\{"until":"20/);
    expect((await dues(bus)).map(({ schedule_id, planned_at, trigger }) => [schedule_id, planned_at, trigger])).toEqual([
      [1, killed.toISOString(), "catch_up"], [2, stopped.toISOString(), "catch_up"],
    ]);
  });
});

function inSeconds(count: number): Date {
  return new Date(Math.ceil(Date.now() / 1000 + count) * 1000);
}

async function startScheduler(nats: NatsServer): Promise<Program> {
  const program = startProgram("services/scheduler/src/main.ts", { SAFEBASE_NATS_URL: nats.url });
  await until("the scheduler to start", () => program.output().includes('"msg":"started"'));
  return program;
}

async function put(bus: Bus, entry: ScheduleEntry): Promise<void> {
  await bus.withBucket(BUCKETS.schedules, (kv) => kv.put(`schedule.${entry.schedule_id}`, JSON.stringify(entry)));
}

function watermark(bus: Bus): Promise<string | undefined> {
  return bus.withBucket(BUCKETS.scheduler, async (kv) => (await kv.get("emitted_until"))?.string());
}

/** Every due event so far, the first first. */
async function dues(bus: Bus): Promise<Due[]> {
  const manager = await bus.js.jetstreamManager();
  const { state } = await manager.streams.info(STREAMS.events);
  const found: Due[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const message = await manager.streams.getMessage(STREAMS.events, { seq });
    if (message?.subject.startsWith(subjects.allDue.replace(">", "")) === true) found.push(Due.parse(message.json()));
  }
  return found;
}
