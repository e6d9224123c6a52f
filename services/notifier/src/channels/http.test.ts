import { createTargets, type Targets } from "@safebase/runtime";
import { startWebhook } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { never } from "./channel-fixture.ts";
import { post } from "./http.ts";

/** A name that leads to 127.0.0.1, as a name server of somebody else would have it. */
function rebinding(targets: Targets): Targets {
  return { checkHost: (host) => targets.checkHost(host), lookup: (_host, options, done) => targets.lookup("2130706433", options, done) };
}

describe("a request", () => {
  it("connects to no address that it must not, whatever the name", async () => {
    await using hook = await startWebhook();
    const request = { url: new URL(`http://harmless.example:${hook.port}/x`), headers: {}, body: "hello" };
    await expect(post(request, rebinding(createTargets([])), never)).rejects.toMatchObject({ code: "bad_request", message: expect.stringContaining("leads to 127.0.0.1") as string });
    expect(hook.requests).toHaveLength(0);
    expect(await post(request, rebinding(createTargets(["127.0.0.0/8"])), never)).toMatchObject({ status: 204 });
    expect(hook.requests).toMatchObject([{ path: "/x", body: "hello", headers: { host: `harmless.example:${hook.port}` } }]);
  });
});
