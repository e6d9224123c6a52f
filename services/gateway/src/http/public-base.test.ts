import { loadConfig } from "@safebase/runtime";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import type { Env } from "./context.ts";
import { publicBase } from "./public-base.ts";

/** The base of a request with this Host header that came to a socket. */
async function baseOf(host: string, env: Record<string, string> = {}, localAddress = "192.0.2.7", localPort = 3000): Promise<string> {
  const app = new Hono<Env>().get("/", (c) => c.text(publicBase(c, loadConfig(env)).href));
  app.onError((error) => new Response(error.message, { status: 409 }));
  const bindings = { incoming: { socket: { localAddress, localPort } } } as unknown as Env["Bindings"];
  return (await app.request("/", { headers: { host, "x-forwarded-host": "evil.example", forwarded: "host=evil.example" } }, bindings)).text();
}

const UNKNOWN = "it is not known at which address others reach SafeBase";

describe("the address for links", () => {
  it("is SAFEBASE_PUBLIC_URL, whatever the Host header says", async () => {
    for (const host of ["evil.example", "localhost:3000"]) {
      expect(await baseOf(host, { SAFEBASE_PUBLIC_URL: "https://safebase.example" })).toBe("https://safebase.example/");
      expect(await baseOf(host, { SAFEBASE_PUBLIC_URL: "https://example.org/safebase" })).toBe("https://example.org/safebase/");
    }
  });

  it.each([
    ["192.0.2.7:3000", "192.0.2.7", 3000, "http://192.0.2.7:3000/"],
    ["192.0.2.7:3000", "::ffff:192.0.2.7", 3000, "http://192.0.2.7:3000/"],
    ["192.0.2.7", "192.0.2.7", 80, "http://192.0.2.7/"],
    ["[2001:db8::7]:3000", "2001:db8::7", 3000, "http://[2001:db8::7]:3000/"],
    ["localhost:8080", "172.17.0.2", 3000, "http://localhost:8080/"], // a published port of a container
    ["127.0.0.1:3000", "127.0.0.1", 3000, "http://127.0.0.1:3000/"],
    ["[::1]:3000", "::1", 3000, "http://[::1]:3000/"],
  ])("without it is %s where %s:%s was asked", async (host, address, port, base) => {
    expect(await baseOf(host, {}, address, port)).toBe(base);
  });

  it("is the name that it listens at", async () => {
    const env = { SAFEBASE_HOST: "backup.internal" };
    expect(await baseOf("Backup.internal:3000", env)).toBe("http://backup.internal:3000/");
    expect(await baseOf("backup.internal:81", env)).toBe(UNKNOWN);
  });

  it.each([
    "evil.example", "evil.example:3000", "192.0.2.8:3000", "192.0.2.7:3001", "192.0.2.7", "192.0.2.7:3000@evil.example", "evil.example/192.0.2.7:3000", "localhost.evil.example",
    "localhost@evil.example", "localhost:3000/../evil", "127.0.0.1.evil.example", "127.0.0.1#evil.example", "evil.example\\localhost", "localhost:99999", "[::1].evil.example", "",
  ])("is nobody else's: %j", async (host) => {
    expect(await baseOf(host)).toBe(UNKNOWN);
  });
});
