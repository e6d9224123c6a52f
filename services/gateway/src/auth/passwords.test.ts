import { describe, expect, it } from "vitest";
import { hashPassword, verifyPassword } from "./passwords.ts";

describe("passwords", () => {
  it("are kept as argon2id PHC strings with a salt of their own", async () => {
    const [one, other] = await Promise.all([hashPassword("correct horse"), hashPassword("correct horse")]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(other).not.toBe(one);
    expect(one).not.toContain("horse");
  });

  it("verify the right one only", async () => {
    const phc = await hashPassword("pässword 🔑");
    expect(await verifyPassword("pässword 🔑", phc)).toBe(true);
    expect(await verifyPassword("pa\u0308ssword 🔑", phc)).toBe(true); // the same text, composed otherwise
    expect(await verifyPassword("pässword", phc)).toBe(false);
    expect(await verifyPassword("", phc)).toBe(false);
  });

  it("verify against parameters of the hash, so that the cost can rise later", async () => {
    // Made by another implementation: argon2 reference vectors' form, m=256 t=2 p=1, "password"/"somesalt".
    const reference = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
    expect(await verifyPassword("password", reference)).toBe(true);
    expect(await verifyPassword("Password", reference)).toBe(false);
  });

  it("are false for nobody, after the same work", async () => {
    const phc = await hashPassword("something");
    await verifyPassword("x", undefined);
    const work = { somebody: [] as number[], nobody: [] as number[] };
    for (let round = 0; round < 5; round++) {
      work.somebody.push(await cpuOf(() => verifyPassword("x", phc)));
      work.nobody.push(await cpuOf(() => verifyPassword("x", undefined)));
    }
    expect(Math.min(...work.nobody)).toBeGreaterThan(Math.min(...work.somebody) / 3);
    expect(await verifyPassword("anything", undefined)).toBe(false);
  });

  it("throw for what is no hash of ours instead of calling it wrong", async () => {
    await expect(verifyPassword("x", "plain")).rejects.toThrow(/not an argon2id/);
  });
});

/** CPU time, which does not depend on what else the machine does. */
async function cpuOf(act: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  return process.cpuUsage(before).user;
}
