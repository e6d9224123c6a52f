import { expect, inject, onTestFailed, test } from "vitest";
import { seeded } from "./chance.ts";
import { adminAt, startFleet } from "./fleet.ts";
import { deathsByChance } from "./mayhem.ts";
import { rehearse } from "./rehearsal.ts";

const MINUTES = Math.min(10, Number(process.env["SAFEBASE_TEST_MINUTES"] ?? 3));
const SEED = Number(process.env["SAFEBASE_TEST_SEED"] ?? Math.floor(Math.random() * 1e9));
const BACKUPS = Number(process.env["SAFEBASE_TEST_BACKUPS"] ?? 1000);
/** From one death to the next, on average. */
const PACE_MS = 4_000;

test(`${BACKUPS} backups while each member dies again and again for ${MINUTES} minutes: none lost, none doubled`, async () => {
  const say = (line: string): void => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  say(`seed ${SEED}: SAFEBASE_TEST_SEED=${SEED} npm run test:replicas has the same again`);
  await using fleet = await startFleet(inject("postgres"));
  onTestFailed(() => console.log(fleet.complaints().join("\n")));
  const rounds = Math.max(1, Math.round((MINUTES * 60_000) / PACE_MS / 10));
  const books = await rehearse(fleet, adminAt(fleet, 0), {
    servers: [inject("postgres"), inject("mariadb")], seed: SEED, backups: BACKUPS, within_ms: MINUTES * 60_000, cron: "* * * * *", say,
    deaths: deathsByChance(seeded(SEED), { rounds, nats: Math.ceil(MINUTES / 2), after: { from_ms: PACE_MS / 2, to_ms: PACE_MS * 1.5 }, away: { from_ms: 0, to_ms: 4_000 } }),
  });
  say(JSON.stringify(books.figures));
  expect(books.wrong).toEqual([]);
}, (MINUTES + 12) * 60_000);
