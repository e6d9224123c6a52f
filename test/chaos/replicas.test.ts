import { freshDatabase, until } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, inject, onTestFailed, test } from "vitest";
import { Client, PASSWORD } from "../client.ts";
import { listen } from "../e2e/events.ts";
import { seeded } from "../replicas/chance.ts";
import { adminAt, startFleet, type Fleet } from "../replicas/fleet.ts";
import type { Death } from "../replicas/mayhem.ts";
import { rehearse } from "../replicas/rehearsal.ts";

const SEED = Number(process.env["SAFEBASE_TEST_SEED"] ?? 20_261_120);

/** One of each kind is killed, one of each that has somebody to wait for is told to stop; the moments are what the seed says. */
function oneOfEach(): Death[] {
  const chance = seeded(SEED);
  const who = [["kill", "gateway-1"], ["kill", "executor-1"], ["kill", "scheduler-1"], ["stop", "gateway-2"], ["kill", "notifier-1"], ["stop", "executor-2"], ["stop", "nats"], ["kill", "executor-3"]] as const;
  return who.map(([manner, each]) => ({ who: each, manner, after_ms: Math.round(800 + chance() * 1_200), away_ms: Math.round(chance() * 1_000) }));
}

describe("several of each", () => {
  let fleet: Fleet;
  beforeAll(async () => { fleet = await startFleet(inject("postgres")); });
  afterAll(() => fleet[Symbol.asyncDispose]());

  test("of two who register first, each at a gateway of his own, one is the admin; each channel of the configuration is there once", async () => {
    expect(fleet.registered.map(({ status }) => status)).toEqual([201, 201]);
    expect(fleet.registered.map(({ body }) => (body["user"] as { role: string }).role).sort()).toEqual(["admin", "user"]);
    expect(await fleet.ask("SELECT name FROM channels")).toEqual([{ name: "SAFEBASE_ALERT_WEBHOOK_URL" }]);
  });

  test("a session of one gateway holds at the other, which shows what is ordered here and what executors say; so do its links, once", async () => {
    await using database = await freshDatabase(inject("postgres"), "shown");
    const [here, there] = [adminAt(fleet, 0), adminAt(fleet, 1)];
    await using stream = await listen(there);
    const id = await here.addDatabase(database, database.db_name);
    const backup = await here.backedUp(id);
    const seen = () => stream.heard.filter(({ event, data }) => event === "backup" && data["id"] === backup.id).map(({ data }) => data["status"]);
    await until("the other gateway to show its end", () => seen().includes("completed"));
    expect(seen()).toEqual(expect.arrayContaining(["pending", "completed"]));
    const link = new URL((await here.call<{ url: string }>("POST", `/api/backups/${backup.id}/link`, {})).url);
    const answers = await Promise.all(fleet.urls.map((url) => fetch(url + link.pathname + link.search)));
    expect(answers.map(({ status }) => status)).toEqual(expect.arrayContaining([200, 410]));
    await Promise.all(answers.map((answer) => answer.arrayBuffer()));
    const leaving = await Client.login(() => fleet.urls[0], "first-0@example.org");
    await leaving.call("POST", "/auth/logout");
    expect((await new Client(() => fleet.urls[1], leaving.token).ask("GET", "/auth/me")).status).toBe(401);
    for (let n = 0; n < 6; n++) await new Client(() => fleet.urls[n % 2] as string, "").ask("POST", "/auth/login", { email: "nobody@example.org", password: "not right at all" });
    expect((await new Client(() => fleet.urls[0], "").ask("POST", "/auth/login", { email: "nobody@example.org", password: PASSWORD })).status).toBe(429);
  });

  test("one of each kind dies under load: nothing is lost, nothing doubled", async () => {
    onTestFailed(() => console.log(fleet.complaints().join("\n")));
    const log: string[] = [`seed ${SEED}`];
    const books = await rehearse(fleet, adminAt(fleet, 0), {
      servers: [inject("postgres")], seed: SEED, backups: 40, within_ms: 12_000, deaths: oneOfEach(), cron: "*/6 * * * * *", say: (line) => log.push(line),
    });
    expect(books.wrong, [...log, JSON.stringify(books.figures)].join("\n")).toEqual([]);
    expect(books.figures["accepted"]).toBeGreaterThan(30);
    expect(books.figures["scheduled"]! + books.figures["caught_up"]!).toBeGreaterThan(0);
  });
});
