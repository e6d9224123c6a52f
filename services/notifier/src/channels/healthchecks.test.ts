import type { Notice } from "@safebase/contracts";
import { startWebhook } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { completedBackup, failedBackup } from "../notice.fixture.ts";
import { contextOf, digestOf, manyFailures, never } from "./channel-fixture.ts";
import { openHealthchecks } from "./healthchecks.ts";

const success = completedBackup();
const failure = failedBackup();
const neither = failedBackup({ kind: "backup_skipped", error: null });

describe("the dead man's switch", () => {
  it.each<[string, Notice[], boolean, string, string]>([
    ["a success", [success], false, "/uuid", "/uuid"],
    ["a failure", [failure], false, "/uuid", "/uuid/fail"],
    ["a failure among successes", [success, failure, success], false, "/uuid", "/uuid/fail"],
    ["a success beside what is neither", [neither, success], false, "/uuid", "/uuid"],
    ["what is neither", [neither], false, "/uuid", "/uuid/log"],
    ["a test", [success], true, "/uuid", "/uuid/log"],
    ["a success, with a query", [success], false, "/key/slug?create=1", "/key/slug?create=1"],
    ["a failure, with a query", [failure], false, "/key/slug?create=1&rid=2", "/key/slug/fail?create=1&rid=2"],
    ["a failure, with a slash at the end", [failure], false, "/uuid/", "/uuid/fail"],
  ])("is pinged for %s", async (_, notices, test, path, pinged) => {
    await using hook = await startWebhook();
    await using channel = openHealthchecks({ url: `http://127.0.0.1:${hook.port}${path}` }, contextOf());
    await channel.deliver(digestOf(notices, { test }), never);
    expect(hook.requests.map((request) => `${request.method} ${request.path}`)).toEqual([`POST ${pinged}`]);
  });

  it("is told why", async () => {
    await using hook = await startWebhook();
    await openHealthchecks({ url: hook.url }, contextOf()).deliver(digestOf(manyFailures(120)), never);
    const { body, headers } = hook.requests[0]!;
    expect(headers["content-type"]).toContain("text/plain");
    expect(body.split("\n")).toHaveLength(102);
    expect(body).toContain("Backup failed: db-99 — the server refused the password of user 99\n… and 20 more");
  });
});
