import { expect, test } from "vitest";
import { changesOf, configOf, freshValues, isNeeded, isRemovable, knownValues, withPart } from "./config.ts";
import type { OneChannel } from "./types.ts";

const HOOK: OneChannel = {
  id: 7, user_id: 1, name: "hook", type: "webhook", target: "example.org", config: { type: "webhook" }, secret_fields: ["url", "secret"], events: ["backup_failed"], database_ids: null,
  all_users: false, language: "en", group_s: 60, enabled: true, source: "api", created_at: "", updated_at: "",
};
const MAIL: OneChannel = { ...HOOK, type: "email", target: "ann@example.org", config: { type: "email", to: ["ann@example.org", "bob@example.org"], from: "Backups <b@example.org>" }, secret_fields: [], database_ids: [3, 4] };

test("a new channel takes what belongs to its type, and nothing that was left empty", () => {
  const values = { ...freshValues("email", "fr", " ann@example.org, bob@example.org"), url: "https://left.example.org" };
  expect(configOf("email", values)).toEqual({ type: "email", to: ["ann@example.org", "bob@example.org"] });
  expect(configOf("ntfy", { ...values, url: "", topic: " t0pic " })).toEqual({ type: "ntfy", topic: "t0pic" });
});

test("what is left empty stays when it is secret, goes when it was shown, and only what was typed is sent", () => {
  expect(changesOf(HOOK, "webhook", knownValues(HOOK))).toEqual({});
  expect(changesOf(HOOK, "webhook", { ...knownValues(HOOK), url: "https://new.example.org " })).toEqual({ url: "https://new.example.org" });
  expect(changesOf(HOOK, "webhook", { ...knownValues(HOOK), dropped: "secret" })).toEqual({ secret: null });
  expect(changesOf(MAIL, "email", knownValues(MAIL))).toEqual({});
  expect(changesOf(MAIL, "email", { ...knownValues(MAIL), from: "", to: "ann@example.org" })).toEqual({ to: ["ann@example.org"], from: null });
  expect(changesOf(HOOK, "slack", { ...knownValues(HOOK), url: "https://hooks.example.org" })).toEqual({ type: "slack", url: "https://hooks.example.org" });
});

test("what is set need not be given again; what has a value of its own cannot be taken away", () => {
  expect(isNeeded("url", "webhook", [])).toBe(true);
  expect(isNeeded("url", "webhook", ["url"])).toBe(false);
  expect(isNeeded("url", "ntfy", [])).toBe(false);
  expect([isNeeded("smtp_url", "email", []), isNeeded("smtp_url", "email", [], false), isNeeded("smtp_url", "email", ["smtp_url"], false)]).toEqual([false, true, false]);
  expect([isRemovable("secret", "webhook"), isRemovable("url", "webhook"), isRemovable("url", "ntfy")]).toEqual([true, false, false]);
});

test("chosen databases and kinds are known again", () => {
  expect(knownValues(MAIL)).toMatchObject({ reach: "chosen", database_ids: "3,4", events: "backup_failed" });
  expect(knownValues({ ...HOOK, all_users: true }).reach).toBe("all");
  expect(withPart(withPart("1,2", "3", true), "1", false)).toBe("2,3");
  expect(withPart("1", "1", false)).toBe("");
});
