import { describe, expect, it } from "vitest";
import { parseNatsUrl } from "./nats-url.ts";

describe("the address of NATS", () => {
  it.each([
    ["nats://127.0.0.1:4222", { servers: ["127.0.0.1:4222"] }],
    ["nats://tok%2Fen@host", { servers: ["host"], token: "tok/en" }],
    ["nats://ada:p%40ss@host:1", { servers: ["host:1"], user: "ada", pass: "p@ss" }],
    ["tls://[::1]:4222", { servers: ["[::1]:4222"], tls: {} }],
    ["nats://u:p@one:1, nats://two:2", { servers: ["one:1", "two:2"], user: "u", pass: "p" }],
  ])("%s", (text, options) => {
    expect(parseNatsUrl(text)).toEqual(options);
  });

  it.each(["nats://", "nats://u:hush@ho st", "http://host", "nats://one,"])("%s is refused, and not repeated", (text) => {
    expect(() => parseNatsUrl(text)).toThrow("SAFEBASE_NATS_URL");
    expect(() => parseNatsUrl(text)).not.toThrow("hush");
  });
});
