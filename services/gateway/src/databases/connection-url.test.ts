import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseConnectionUrl } from "./connection-url.ts";

const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }).filter((value) => value.isWellFormed());
const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6().map((ip) => `[${ip}]`));
const scheme = fc.constantFrom("postgres", "postgresql", "mysql", "mariadb");

describe("connection strings", () => {
  it("give back what was put into them", () => {
    fc.assert(fc.property(scheme, text, fc.option(text), host, fc.option(fc.integer({ min: 1, max: 65_535 })), text, (kind, user, password, where, port, name) => {
      const secret = password === null ? "" : `:${encodeURIComponent(password)}`;
      const fields = parseConnectionUrl(`${kind}://${encodeURIComponent(user)}${secret}@${where}${port === null ? "" : `:${port}`}/${encodeURIComponent(name)}`);
      expect(fields).toEqual({
        type: kind.startsWith("p") ? "postgresql" : kind, username: user, password, db_name: name, ssl_mode: "prefer",
        host: where.replace(/^\[|\]$/g, ""), port: port ?? (kind.startsWith("p") ? 5432 : 3306),
      });
    }), { numRuns: 500 });
  });

  it("never answer with anything but fields or a clear error, which does not hold the password", () => {
    fc.assert(fc.property(scheme, text, (kind, rest) => {
      try {
        parseConnectionUrl(`${kind}://u:s3cr3t-pass@${rest}`);
      } catch (error) {
        expect(error).toMatchObject({ code: "bad_request" });
        expect((error as Error).message).not.toContain("s3cr3t-pass");
      }
    }), { numRuns: 500 });
  });

  it.each([
    ["postgres://u:p@db.example/app?sslmode=verify-full", "verify-full"],
    ["postgres://u:p@db.example/app?sslmode=allow", "prefer"],
    ["mysql://u:p@db.example/app?ssl-mode=REQUIRED", "require"],
    ["mysql://u:p@db.example/app?sslMode=VERIFY_IDENTITY", "verify-full"],
    ["mysql://u:p@db.example/app?ssl=true", "require"],
    ["mariadb://u:p@db.example/app?ssl=0", "disable"],
    ["mariadb://u:p@db.example/app?ssl-verify-server-cert=true", "verify-full"],
    ["mariadb://u:p@db.example/app?ssl=true&ssl-verify-server-cert=true", "verify-full"],
  ])("%s", (url, mode) => expect(parseConnectionUrl(url).ssl_mode).toBe(mode));

  it("keep names that a URL parser would tidy away", () => {
    expect(parseConnectionUrl("postgres://u@h/../etc").db_name).toBe("../etc");
    expect(parseConnectionUrl("postgres://u@h/%2e%2e").db_name).toBe("..");
    expect(parseConnectionUrl("postgres://u@h/a%3Db%3B%20%22c%22").db_name).toBe(`a=b; "c"`);
    expect(parseConnectionUrl("mysql://u:p@ss@h/d")).toMatchObject({ password: "p@ss", host: "h" });
  });

  it.each([
    ["oracle://u:p@h/d", "unsupported database type: oracle"],
    ["constructor://u:p@h/d", "unsupported database type: constructor"],
    ["h:5432/d", /must look like postgres:\/\//],
    ["postgres://u:p@h", /names no database/],
    ["postgres://u:p@h/?sslmode=require", /names no database/],
    ["postgres://h/d", /names no user/],
    ["postgres://u:p@/d", /names no host/],
    ["postgres://u:p@::1/d", /names no host/],
    ["postgres://u:p@a,b/d", /several hosts/],
    ["postgres://u:p@h:0/d", /port .* from 1 to 65535/],
    ["postgres://u:p@h:abc/d", /port .* from 1 to 65535/],
    ["postgres://u:p#x@h/d", /#/],
    ["postgres://u:%zz@h/d", /password .* %/],
    ["postgres://u:p@h/d?sslrootcert=/etc/ca.pem", /sslrootcert .* file/],
    ["mysql://u:p@h/d?ssl-ca=/etc/ca.pem", /ssl-ca .* file/],
    ["postgres://u:p@h/d?options=-c%20x", /unknown parameter .*: options/],
    ["postgres://u:p@h/d?sslmode=maybe", /unknown value of sslmode.*: maybe/],
    ["postgres://u:p@h/d?sslmode=require&ssl=false", /two TLS modes/],
  ])("%s is refused", (url, message) => {
    expect(() => parseConnectionUrl(url)).toThrow(expect.objectContaining({ code: "bad_request", message: typeof message === "string" ? message : expect.stringMatching(message) }));
  });
});
