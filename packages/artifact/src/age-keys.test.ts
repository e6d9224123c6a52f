import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { checkRecipient, generateAgeKey, parseIdentities, recipientOf } from "./age-keys.ts";
import { bech32Decode, bech32Encode } from "./bech32.ts";

/** What the standard program says of an identity. */
const standard = (identity: string): string => execFileSync("age-keygen", ["-y"], { input: `${identity}\n`, encoding: "utf8" }).trim();

describe("keys", () => {
  it("are those of age: the standard program derives the same recipient, and we derive that of its keys", () => {
    for (let round = 0; round < 20; round++) {
      const { identity, recipient } = generateAgeKey();
      expect(identity).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]{58}$/);
      expect([recipientOf(identity), standard(identity)]).toEqual([recipient, recipient]);
      expect(() => checkRecipient(recipient)).not.toThrow();
    }
    const file = execFileSync("age-keygen", { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    const [identity] = parseIdentities(file);
    expect(file).toContain(`# public key: ${recipientOf(identity as string)}\n`);
  });

  it("are refused when one character is another, without being repeated", () => {
    const { identity, recipient } = generateAgeKey();
    for (let at = "AGE-SECRET-KEY-1".length; at < identity.length; at++) {
      const typo = identity.slice(0, at) + (identity[at] === "Q" ? "P" : "Q") + identity.slice(at + 1);
      expect(() => recipientOf(typo)).toThrow(/^identity: that is no identity of age$/);
    }
    for (let at = 4; at < recipient.length; at++) {
      const typo = recipient.slice(0, at) + (recipient[at] === "q" ? "p" : "q") + recipient.slice(at + 1);
      expect(() => checkRecipient(typo)).toThrow(/^recipient: that is no X25519 recipient of age$/);
    }
  });

  it.each(["", "age1", "x", "ssh-ed25519 AAAA", "age1yubikey1qg8skzcs", generateAgeKey().identity, generateAgeKey().recipient.toUpperCase(), bech32Encode("age", Buffer.alloc(32)), bech32Encode("age", Buffer.alloc(31, 9))])("%j is no recipient", (text) => {
    expect(() => checkRecipient(text)).toThrow("no X25519 recipient");
  });

  it.each(["", "# only a comment\n", "age1abc", generateAgeKey().identity.toLowerCase(), generateAgeKey().recipient, `${generateAgeKey().identity}\nrubbish`])("%j holds no identities", (text) => {
    expect(() => parseIdentities(text)).toThrow(/^identity: /);
  });

  it("are found in a text, many on a line each, but not beyond measure", () => {
    const two = [generateAgeKey().identity, generateAgeKey().identity];
    expect(parseIdentities(`# created\r\n\n  ${two.join("\r\n# next\n")}\n`)).toEqual(two);
    expect(() => parseIdentities(Array<string>(21).fill(two[0] as string).join("\n"))).toThrow("at most 20");
  });
});

describe("bech32", () => {
  it("gives back what was written, whatever it was", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom("age", "age-secret-key-"), (bytes, prefix) => {
      const text = bech32Encode(prefix, bytes);
      expect(Buffer.from(bech32Decode(text, prefix) ?? [1, 2, 3]).equals(Buffer.from(bytes))).toBe(true);
      expect(bech32Decode(text, `x${prefix}`)).toBeUndefined();
    }), { numRuns: 500 });
  });

  it("knows the vectors of BIP 173", () => {
    expect(bech32Encode("a", Buffer.alloc(0))).toBe("a12uel5l");
    const all = "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"; // the alphabet itself, 0 to 31, in groups of five bits
    expect(bech32Encode("abcdef", bech32Decode(all, "abcdef") as Uint8Array)).toBe(all);
    for (const wrong of ["a12uel5m", "a1", "12uel5l", "A12UEL5L"]) expect(bech32Decode(wrong, "a")).toBeUndefined();
  });
});
