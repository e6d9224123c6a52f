import { connect, createServer } from "node:net";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { allowedTargetProblem, ANY_TARGET, checkTarget, createTargets } from "./targets.ts";

const REFUSED = [
  "http://127.0.0.1/", "http://127.8.9.10:8080/hook", "http://2130706433/", "http://0177.0.0.1/", "http://0x7f.1/", "http://127.1/", "https://localhost/", "https://LOCALHOST./",
  "http://api.localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::169.254.169.254]/",
  "http://[2002:7f00:1::]/", "http://[0:0:0:0:0:ffff:a9fe:a9fe]/", "http://169.254.169.254/latest/meta-data", "http://[fd00:ec2::254]/", "http://metadata.google.internal/", "http://metadata/",
  "http://100.100.100.200/", "http://169.254.1.1/", "http://[fe80::1]/", "http://0.0.0.0/", "http://0/", "http://[::]/", "http://224.0.0.1/", "http://[ff02::1]/", "http://255.255.255.255/",
  "smtp://127.0.0.1:25", "smtp://[::ffff:127.0.0.1]", "smtps://2130706433", "smtp://0x7f000001", "smtp://localhost",
];

describe("targets of channels", () => {
  it.each(REFUSED)("refuses %s", async (url) => {
    await expect(checkTarget(url, [])).rejects.toMatchObject({ code: "bad_request", message: expect.stringMatching(/neither a channel nor a storage may lead there$/) as string });
  });

  it.each(["http://10.0.0.5/", "http://192.168.1.9:8080/", "http://172.16.3.4/", "http://93.184.216.34/", "http://[2001:db8::1]/", "http://[fd12:3456::1]/", "http://[::ffff:10.0.0.1]/", "https://host.invalid/"])("lets %s be", async (url) => {
    await expect(checkTarget(url, [])).resolves.toBeUndefined();
  });

  it.each([
    ["http://127.0.0.1:9000/", ["127.0.0.1"]], ["http://127.0.0.1/", ["127.0.0.0/8"]], ["http://localhost/", ["localhost"]], ["http://LocalHost./", ["LOCALHOST"]],
    ["http://[::1]/", ["::1"]], ["http://[fe80::1]/", ["10.0.0.0/8", "fe80::/10"]], ["smtp://2130706433", ["127.0.0.0/8"]], ["http://[::ffff:127.0.0.1]/", ["127.0.0.1"]],
  ])("lets %s be when %j are allowed", async (url, allowed) => {
    await expect(checkTarget(url, allowed)).resolves.toBeUndefined();
  });

  it("allows no more than it was told", async () => {
    await expect(checkTarget("http://127.0.0.2/", ["127.0.0.1", "hooks.example.org"])).rejects.toThrow("127.0.0.2 is a loopback address");
    await expect(checkTarget("http://localhost/", ["localhost.example.org"])).rejects.toThrow("localhost");
  });

  it("checks the address that a name leads to, when it is connected to", async () => {
    await using server = await listening();
    // A name that no list knows, but getaddrinfo does: the same way as a rebinding name.
    const outcome = await dial(server.port, createTargets([]).lookup);
    expect(outcome).toMatch(/2130706433 leads to 127\.0\.0\.1, which is a loopback address/);
    expect(server.connections()).toBe(0);
    expect(await dial(server.port, createTargets(["2130706433"]).lookup)).toBe("connected");
    expect(await dial(server.port, createTargets(["127.0.0.0/8"]).lookup)).toBe("connected");
    expect(await dial(server.port, ANY_TARGET.lookup)).toBe("connected");
  });

  it("answers lookups for one and for all addresses", async () => {
    const { lookup } = createTargets(["localhost"]);
    expect(await promisify(lookup)("localhost", { all: true })).toContainEqual({ address: "127.0.0.1", family: 4 });
    expect(await promisify(lookup)("localhost", { family: 4 })).toBe("127.0.0.1");
    await expect(promisify(lookup)("host.invalid", {})).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
  });

  it("says what is wrong with an entry of the list", () => {
    for (const good of ["mail.example.org", "10.0.0.0/8", "::1", "fd00::/8", "localhost"]) expect(allowedTargetProblem(good)).toBeUndefined();
    for (const bad of ["10.0.0.0/33", "http://host/", "::1/129", "a/b", "10.0.0.0/", "-x"]) expect(allowedTargetProblem(bad)).toContain(`“${bad}”`);
  });
});

function dial(port: number, lookup: typeof ANY_TARGET.lookup): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ host: "2130706433", port, lookup, family: 4 });
    socket.once("connect", () => { socket.destroy(); resolve("connected"); });
    socket.once("error", (error) => resolve(error.message));
  });
}

async function listening() {
  let connections = 0;
  const server = createServer((socket) => { connections += 1; socket.destroy(); });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as { port: number }).port, connections: () => connections,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => { server.close(() => resolve()); }),
  };
}
