import { until } from "@safebase/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startRig, type Rig } from "../jobs/rig-fixture.ts";
import { World } from "./world-fixture.ts";

describe.each(["sqlite", "postgresql"] as const)("two gateways that watch, on %s", (dialect) => {
  let rig: Rig, world: World;
  beforeEach(async () => {
    rig = await startRig(dialect, { silence_s: 45 });
    await rig.database("postgresql");
    world = new World(rig, 2);
    for (const id of ["scheduler-1", "notifier-1", "x1"]) world.begin(id);
    await world.pass(60);
  });
  afterEach(() => rig[Symbol.asyncDispose]());

  test("who lives is not missed, nor by a gateway that begins", async () => {
    await world.pass(120);
    world.watches.length = 0;
    world.addGateway();
    await world.pass(120);
    expect(await world.told()).toEqual([]);
    expect([world.watches[0]!.count("scheduler"), world.watches[0]!.executors().map(({ executor_id }) => executor_id)]).toEqual([1, ["x1"]]);
  });

  test("a scheduler and a notifier that fall silent are told of once, and their return", async () => {
    world.kill("scheduler-1");
    await world.pass(35);
    expect(await world.told()).toEqual([]);
    await world.pass(60);
    await world.leave("notifier-1"); // in order, but nobody is left
    await world.pass(60);
    expect(await world.told()).toEqual(["scheduler_lost", "notifier_lost"]);
    const [lost] = await rig.db.selectFrom("notices").selectAll().where("kind", "=", "scheduler_lost").execute();
    expect(JSON.parse(lost!.payload)).toMatchObject({ severity: "critical", user_id: null, service: { name: "scheduler", last_seen_at: "2026-06-10T12:01:00.000Z" } });
    world.begin("scheduler-2");
    world.begin("notifier-2");
    await world.pass(30);
    expect((await world.told()).toSorted()).toEqual(["notifier_back", "notifier_lost", "scheduler_back", "scheduler_lost"]);
  });

  test("what a dead one left behind is no return, whatever gateway begins to look", async () => {
    world.kill("scheduler-1");
    await world.pass(60);
    world.begin("scheduler-2");
    await world.pass(5, { looking: false });
    await world.pass(5, { looking: false });
    world.kill("scheduler-2");
    world.watches.length = 0;
    world.addGateway();
    await world.pass(80);
    expect(await world.told()).toEqual(["scheduler_lost"]);
  });

  test("while nobody can look nobody is lost; afterwards each has the time of silence again", async () => {
    await world.pass(300, { looking: false, beating: false }); // as when NATS is away, or the machine sleeps
    await world.pass(40);
    expect(await world.told()).toEqual([]);
    await world.pass(300, { looking: false, beating: false });
    world.kill("scheduler-1");
    await world.pass(30);
    expect(await world.told()).toEqual([]);
    await world.pass(30);
    expect(await world.told()).toEqual(["scheduler_lost"]);
  });

  test("a restart of NATS, even with the loss of everything, is no loss of anybody", async () => {
    await world.pass(20);
    await rig.nats.wipe();
    await until("NATS to be back", () => rig.core.bus.connected);
    await world.pass(5, { looking: false }); // nobody has beaten yet
    await world.pass(120);
    expect(await world.told()).toEqual([]);
  });

  test("a group whose last executor is killed is lost, and back with the next one", async () => {
    world.kill("x1");
    await world.pass(60);
    expect(await world.told()).toEqual(["executor_lost default"]);
    const lost = () => world.watches[0]!.lost().map(({ executor_id }) => executor_id);
    expect(lost()).toEqual(["x1"]);
    world.begin("x2");
    await world.pass(30);
    expect(await world.told()).toEqual(["executor_lost default", "executor_back default"]);
    expect(lost()).toEqual([]); // another on its host has followed it
  });

  test("a group whose last executor ends in order is lost when none follows in time", async () => {
    await world.leave("x1");
    await world.pass(30);
    world.begin("x2");
    await world.pass(60);
    expect(await world.told()).toEqual([]);
    await world.leave("x2");
    await world.pass(60);
    expect(await world.told()).toEqual(["executor_lost default"]);
  });

  test("of several executors, one that is killed is told of by name; one that ends in order is not", async () => {
    for (const id of ["x2", "x3"]) world.begin(id, { host: "b" });
    world.begin("y1", { group: "other" });
    await world.pass(30);
    await world.leave("x2");
    await world.pass(90);
    expect(await world.told()).toEqual([]);
    world.kill("x3", "y1"); // nobody's databases need the other group
    await world.pass(90);
    expect(await world.told()).toEqual(["executor_lost default x3"]);
    expect(world.watches[1]!.lost().map(({ executor_id }) => executor_id)).toEqual(["x3", "y1"]); // x2 said good-bye
    world.begin("x3", { host: "b" }); // it was only cut off
    await world.pass(30);
    expect(await world.told()).toEqual(["executor_lost default x3", "executor_back default x3"]);
  });

  test("one that is followed on its host is none, also when the gateway went down with it", async () => {
    world.begin("x2", { host: "b" });
    await world.pass(30);
    world.kill("x2");
    await world.pass(10);
    world.begin("x3", { host: "b" });
    await world.pass(120);
    world.kill("x3");
    world.watches.length = 0;
    world.addGateway();
    world.begin("x4", { host: "b" });
    await world.pass(120);
    expect(await world.told()).toEqual([]);
  });

  test("one that went while nobody looked is nobody's to tell", async () => {
    world.begin("x2", { host: "b" });
    await world.pass(30);
    world.watches.length = 0;
    world.kill("x2");
    await world.pass(300);
    world.addGateway();
    await world.pass(200);
    expect(await world.told()).toEqual([]);
    expect((await rig.db.selectFrom("watched").select("key").where("key", "like", "executor:%").execute()).map(({ key }) => key)).toEqual(["executor:x1"]);
  });

  test("a group that has no databases any more is not watched", async () => {
    await rig.db.updateTable("databases").set({ deleted_at: new Date().toISOString() }).execute();
    world.kill("x1");
    await world.pass(90);
    expect(await world.told()).toEqual([]);
    await rig.database("mariadb"); // and one that is needed anew has its time
    await world.pass(30);
    expect(await world.told()).toEqual([]);
    await world.pass(30);
    expect(await world.told()).toEqual(["executor_lost default"]);
  });
});
