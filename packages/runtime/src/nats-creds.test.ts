import { createAccount, decode, type User } from "@nats-io/jwt";
import { permissionsOf } from "@safebase/contracts";
import { describe, expect, it } from "vitest";
import { claimsOf, mintCreds, mintExecutorCreds, natsSigningOf } from "./nats-creds.ts";

const seedOf = (key: { getSeed(): Uint8Array }): string => new TextDecoder().decode(key.getSeed());
const [account, signer] = [createAccount(), createAccount()];
const signing = { seed: seedOf(signer), account: account.getPublicKey() };

describe("credentials for NATS", () => {
  it("of an executor are signed for the account, for its group alone, and end", async () => {
    const expires_at = new Date("2030-01-01T00:00:00Z");
    const { creds, user_key } = await mintExecutorCreds(signing, "branch-1", expires_at);
    expect(claimsOf(creds)).toEqual({ user: "executor-branch-1", user_key, account: signing.account, expires_at });
    const claims = decode<User>(creds.split("\n")[1] as string); // throws for a signature that is not the signer's
    expect(claims.iss).toBe(signer.getPublicKey());
    const { publish, subscribe } = permissionsOf({ service: "executor", group: "branch-1" });
    expect(claims.nats).toMatchObject({ pub: { allow: publish }, sub: { allow: subscribe }, resp: { max: 1 } });
    expect(claimsOf((await mintExecutorCreds(signing, "branch-1")).creds).expires_at?.getTime()).toBeGreaterThan(Date.now() + 364 * 24 * 3600_000);
  });

  it.each(["*", ">", "a.b", "a b", ""])("are not made for the group %j", (group) => {
    expect(() => mintExecutorCreds(signing, group)).toThrow("may hold letters");
  });

  it("say for which account a gateway signs", async () => {
    const { creds } = await mintCreds(signing, { service: "gateway" });
    expect(natsSigningOf({ nats_signing_key: signing.seed, nats_creds: creds })).toEqual(signing);
    expect(natsSigningOf({ nats_signing_key: undefined, nats_creds: creds })).toBeUndefined();
    expect(() => natsSigningOf({ nats_signing_key: signing.seed, nats_creds: undefined })).toThrow("SAFEBASE_NATS_CREDS");
    expect(() => claimsOf("-----BEGIN NATS USER JWT-----\nnonsense\n")).toThrow("SAFEBASE_NATS_CREDS: must be the text of a .creds file");
  });
});
