import { Secrets } from "@safebase/runtime";
import { decode, sign } from "hono/jwt";
import { expect, it } from "vitest";
import { issueLinkToken, readLinkToken } from "./link-tokens.ts";
import { issueToken, readToken } from "./tokens.ts";

const secrets = new Secrets(Buffer.alloc(32, 7));
const LINK = { user_id: 3, backup_id: 7, form: "sql", expires_at: new Date("2026-01-01T00:00:00Z") } as const;

it("a link's token says what it was made for, also when it has expired, and is another each time", async () => {
  const [one, two] = [await issueLinkToken(secrets, LINK), await issueLinkToken(secrets, LINK)];
  expect(await readLinkToken(secrets, one.token)).toEqual({ ...LINK, id_hash: one.id_hash });
  expect(one.id_hash).not.toBe(two.id_hash);
  expect(Buffer.from(String(decode(one.token).payload["jti"]), "base64url")).toHaveLength(32);
});

it("nothing else is one: of another key, altered, unsigned, a session's", async () => {
  const { token } = await issueLinkToken(secrets, LINK);
  const { payload } = decode(token);
  const [header, body, signature] = token.split(".");
  const altered = Buffer.from(JSON.stringify({ ...payload, backup: 8 })).toString("base64url");
  const session = await issueToken(secrets, { id: 3, role: "admin", sessions_ended: 0 });
  const wrong = [
    "", "x", "x.y.z", `${header}.${altered}.${signature}`, `${header}.${body}.`, `${Buffer.from('{"alg":"none","typ":"JWT"}').toString("base64url")}.${body}.`, session,
    (await issueLinkToken(new Secrets(Buffer.alloc(32, 8)), LINK)).token, await sign(payload, secrets.derive("jwt").toString("base64url")),
    await sign(payload, secrets.derive("download link").toString("base64url"), "HS512"), await sign({ jti: "x" }, secrets.derive("download link").toString("base64url")),
  ];
  for (const each of wrong) expect(await readLinkToken(secrets, each), each).toBeUndefined();
  await expect(readToken(secrets, token)).rejects.toMatchObject({ code: "unauthorized" }); // nor is it a session
});
