import { expect, it } from "vitest";
import type { Server } from "../../api/types.ts";
import { freshServer, knownServer, placeOf, settingsOf } from "./values.ts";

it("what was left empty is left to the API, patterns stand on a line each, and a new server's spread is the usual one", () => {
  const values = { ...freshServer(), host: " db.example ", username: "u", include: " app_* \n\nweb\n", ssl_ca: "never looked at" };
  expect(placeOf(values)).toEqual({ type: "postgresql", host: "db.example", username: "u", ssl_mode: "prefer" });
  expect(settingsOf(values)).toMatchObject({ include: ["app_*", "web"], exclude: [], retention: { daily: 7, weekly: 4, monthly: 12 }, schedule: { cron: "0 3 * * *", retention: null } });
  expect(settingsOf(values).schedule).not.toHaveProperty("jitter_s");
  expect(settingsOf({ ...values, scheduled: false }).schedule).toBeNull();
});

it("a known one says what it said: its schedule's retention as that of its databases, its spread kept", () => {
  const schedule = { cron: "@daily", timezone: "Europe/Paris", jitter_s: 900, retention: { keep_last: 3 } };
  const server = { name: "db-1", type: "mysql", host: "h", port: 3306, username: "u", ssl_mode: "verify-full", ssl_ca: "PEM", include: ["*"], exclude: ["*_test"], retention: null, storages: ["s3"], encryption_key_id: 2, schedule } as unknown as Server;
  const values = knownServer(server);
  expect(placeOf(values)).toEqual({ type: "mysql", host: "h", port: "3306", username: "u", ssl_mode: "verify-full", ssl_ca: "PEM" });
  expect(settingsOf(values, server)).toMatchObject({ exclude: ["*_test"], retention: { keep_last: 3 }, storages: ["s3"], encryption_key_id: 2, schedule: { cron: "@daily", timezone: "Europe/Paris", jitter_s: 900, retention: null } });
});
