import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { NOTICE_KINDS } from "@safebase/contracts";
import { startWebhook, type WebhookRequest } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { completedBackup, failedBackup } from "../notice.fixture.ts";
import { contextOf, digestOf, manyFailures, never } from "./channel-fixture.ts";
import { openWebhook } from "./webhook.ts";

const SECRET = "whsec-0123456789 é";
const DOCS = readFileSync(new URL("../../../../docs/channels.md", import.meta.url), "utf8");
const python = spawnSync("python3", ["--version"]).status === 0;
if (!python) console.log("skipped: the documented verification in Python, for there is no python3");

async function sent(digest = digestOf(), config: { secret?: string } = {}): Promise<WebhookRequest> {
  await using hook = await startWebhook();
  await using channel = openWebhook({ url: hook.url, ...config }, contextOf());
  await channel.deliver(digest, never);
  return hook.requests[0]!;
}

describe("the webhook", () => {
  it("posts one notice in the same format as many", async () => {
    const one = await sent(digestOf([failedBackup()]));
    expect(one.headers).toMatchObject({ "content-type": "application/json", "safebase-delivery-id": "digest-1" });
    expect(one.headers["safebase-signature"]).toBeUndefined();
    expect(JSON.parse(one.body)).toEqual({
      version: 1, delivery_id: "digest-1", test: false, severity: "critical", text: "Backup failed: shop <prod> & co",
      public_url: "https://safebase.example.org", notices: [JSON.parse(JSON.stringify({ ...failedBackup(), at: (JSON.parse(one.body) as { notices: { at: string }[] }).notices[0]!.at }))],
    });
    const many = JSON.parse((await sent(digestOf([completedBackup(), ...manyFailures(50)], { test: true }))).body) as Record<string, unknown>;
    expect(Object.keys(many)).toEqual(Object.keys(JSON.parse(one.body) as object));
    expect(many).toMatchObject({ test: true, severity: "critical", text: "Test: 51 notices: 50 backups failed, 1 backup completed" });
    expect(many["notices"]).toHaveLength(51);
  });

  it("sends a name and password of its address as a header", async () => {
    await using hook = await startWebhook();
    await openWebhook({ url: hook.url.replace("http://", "http://bot:s3cr%40t%zz@") }, contextOf()).deliver(digestOf(), never);
    expect(hook.requests[0]!.headers.authorization).toBe(`Basic ${Buffer.from("bot:s3cr%40t%zz").toString("base64")}`);
    await openWebhook({ url: hook.url.replace("http://", "http://bot:s3cr%40t@") }, contextOf()).deliver(digestOf(), never);
    expect(hook.requests[1]!.headers.authorization).toBe(`Basic ${Buffer.from("bot:s3cr@t").toString("base64")}`);
  });

  it("sends no line end of an id in a header", async () => {
    expect((await sent(digestOf(undefined, { id: "a\r\nb: c" }))).headers["safebase-delivery-id"]).toBe("a--b:-c");
  });
});

describe("the signature", () => {
  it("is the HMAC of time and body", async () => {
    const before_s = Math.floor(Date.now() / 1000);
    const { headers, body } = await sent(digestOf(), { secret: SECRET });
    const [, t, v1] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["safebase-signature"]))!;
    expect(Number(t) - before_s).toBeLessThanOrEqual(5);
    expect(v1).toBe(createHmac("sha256", SECRET).update(`${t}.${body}`).digest("hex"));
  });

  it("is verified by the documented code for Node", async () => {
    const source = example("js");
    const { verify } = await import(`data:text/javascript,${encodeURIComponent(source)}`) as { verify: (...args: unknown[]) => boolean };
    expect(await verdicts((secret, signature, body, now_s) => verify(secret, signature, Buffer.from(body), now_s))).toEqual([true, false, false, false, false]);
  });

  it.skipIf(!python)("is verified by the documented code for Python", async () => {
    const program = `${example("python")}\nimport json, sys\ns = json.load(sys.stdin)\nprint(verify(s[0], s[1], s[2].encode(), s[3]))\n`;
    const run = (...args: unknown[]): boolean => {
      const { stdout, stderr } = spawnSync("python3", ["-c", program], { input: JSON.stringify(args), encoding: "utf8" });
      if (!/^(True|False)\n$/.test(stdout)) throw new Error(`${stdout}${stderr}`);
      return stdout === "True\n";
    };
    expect(await verdicts(run)).toEqual([true, false, false, false, false]);
  });
});

describe("the documentation", () => {
  it("names every kind, and every field of the format", async () => {
    for (const kind of NOTICE_KINDS) expect(DOCS).toContain(`\`${kind}\``);
    const documented = JSON.parse(example("json")) as { notices: object[] };
    const real = JSON.parse((await sent()).body) as { notices: object[] };
    expect(Object.keys(documented)).toEqual(Object.keys(real));
    expect(Object.keys(documented.notices[0]!).sort()).toEqual(Object.keys(real.notices[0]!).sort());
  });
});

/** As sent; with another body, another secret, another time in the header; and too late. */
async function verdicts(verify: (secret: string, signature: string, body: string, now_s: number) => boolean): Promise<boolean[]> {
  const { headers, body } = await sent(digestOf(), { secret: SECRET });
  const signature = String(headers["safebase-signature"]);
  const now_s = Date.now() / 1000;
  return [
    verify(SECRET, signature, body, now_s), verify(SECRET, signature, body.replace("critical", "info"), now_s), verify("another secret", signature, body, now_s),
    verify(SECRET, signature.replace(/^t=(\d+)/, (_, t: string) => `t=${Number(t) + 1}`), body, now_s), verify(SECRET, signature, body, now_s + 301),
  ];
}

function example(language: string): string {
  return new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(DOCS)![1]!;
}
