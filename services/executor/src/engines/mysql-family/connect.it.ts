import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { freshDatabase, startMariadb, tempDir } from "@safebase/testing";
import { expect, it } from "vitest";
import { connectionTo, engineOf, testContext } from "./fixture.ts";

/** A certificate that its own authority signed, for the given subject alternative name alone. */
function certificateFor(dir: string, name: string): { ca: string; args: string[] } {
  const [cert, key] = [join(dir, "other.crt"), join(dir, "other.key")];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", "/CN=other", "-addext", `subjectAltName=${name}`, "-keyout", key, "-out", cert], { stdio: "ignore" });
  return { ca: readFileSync(cert, "utf8"), args: [`--ssl-cert=${cert}`, `--ssl-key=${key}`] };
}

// Node checks against `localhost` when a socket does not know its host: a certificate for that name is no proof of 127.0.0.1.
it.each([["DNS:localhost", false], ["IP:127.0.0.1", true], ["IP:127.0.0.2", false]])("verify-full takes a certificate for %s at 127.0.0.1: %s", async (name, taken) => {
  await using dir = await tempDir("certificate");
  const { ca, args } = certificateFor(dir.path, name);
  await using server = await startMariadb({ args });
  await using database = await freshDatabase(server, "tls");
  await using context = await testContext();
  const probe = (ssl_mode: "verify-ca" | "verify-full") =>
    engineOf(server).probe(connectionTo(server, database.db_name, { ssl_mode, ssl_ca: ca }), context);
  expect((await probe("verify-ca")).tls).toBe(true);
  if (taken) expect((await probe("verify-full")).tls).toBe(true);
  else await expect(probe("verify-full")).rejects.toMatchObject({ code: "tls_failed", message: expect.stringContaining("altnames") });
});
