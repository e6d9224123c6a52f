import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inboxPrefixOf, natsUserOf, permissionsOf, type NatsRole } from "./permissions.ts";

const ROLES: readonly NatsRole[] = [{ service: "gateway" }, { service: "scheduler" }, { service: "notifier" }, { service: "executor", group: "GROUP" }];
const listOf = (subjects: readonly string[]): string => subjects.map((subject) => `\`${subject}\``).join(" · ");

describe("permissions", () => {
  it("are in docs/nats.md as they are", () => {
    const docs = readFileSync(new URL("../../../docs/nats.md", import.meta.url), "utf8");
    for (const role of ROLES) {
      const { publish, subscribe } = permissionsOf(role);
      expect(docs).toContain(`| \`${natsUserOf(role)}\` | ${listOf(publish)} | ${listOf(subscribe)} |`);
    }
  });

  it("of an executor name its own group wherever a group has a place, and are short enough for nats-server", () => {
    const group = "g".repeat(64);
    const { publish, subscribe } = permissionsOf({ service: "executor", group });
    const shared = ["$JS.API.STREAM.INFO.KV_safebase_leases", "$JS.API.STREAM.MSG.GET.KV_safebase_leases", "safebase.control.cancel"];
    expect([...publish, ...subscribe].filter((subject) => !subject.includes(group))).toEqual(shared);
    expect(JSON.stringify([publish, subscribe]).length * 4 / 3).toBeLessThan(3_000); // the line with the JWT may have 4096 bytes
    expect(subscribe).toContain(`${inboxPrefixOf(`executor-${group}`)}.>`);
  });
});
