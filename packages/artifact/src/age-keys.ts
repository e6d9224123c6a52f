import { SafebaseError } from "@safebase/contracts";
import { createPrivateKey, createPublicKey, diffieHellman, generateKeyPairSync } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { bech32Decode, bech32Encode } from "./bech32.ts";

/** What age encrypts to (public), and what decrypts it (secret); both are an X25519 key in bech32. */
const RECIPIENT = "age";
const IDENTITY = "age-secret-key-";
const KEY_BYTES = 32;
const IDENTITIES_MAX = 20;

/** Node hands X25519 keys over in DER, where these stand before the 32 bytes. */
const PRIVATE_DER = Buffer.from("302e020100300506032b656e04220420", "hex");
const PUBLIC_DER = Buffer.from("302a300506032b656e032100", "hex");

export type AgeKey = { recipient: string; identity: string };

/** A new key pair, as `age-keygen` makes them. */
export function generateAgeKey(): AgeKey {
  const { privateKey, publicKey } = generateKeyPairSync("x25519");
  return { recipient: recipientOfKey(publicKey), identity: bech32Encode(IDENTITY, rawOf(privateKey, "pkcs8")).toUpperCase() };
}

/** The recipient that an identity opens the files of. `bad_request` when it is none; what it was is not repeated. */
export function recipientOf(identity: string): string {
  const key = identity === identity.toUpperCase() ? bech32Decode(identity.toLowerCase(), IDENTITY) : undefined;
  if (key?.length !== KEY_BYTES) throw new SafebaseError("bad_request", "identity: that is no identity of age", { hint: "it begins with AGE-SECRET-KEY-1, as age-keygen writes it" });
  const secret = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, key]), format: "der", type: "pkcs8" });
  return recipientOfKey(createPublicKey(secret));
}

/** The identities in a text of the form that age's own files have: one on a line, comments between. */
export function parseIdentities(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) throw new SafebaseError("bad_request", "identity: there is none in it", { hint: "give the line that begins with AGE-SECRET-KEY-1" });
  if (lines.length > IDENTITIES_MAX) throw new SafebaseError("bad_request", `identity: at most ${IDENTITIES_MAX} of them, on a line each`);
  for (const line of lines) recipientOf(line);
  return lines;
}

/** Throws `bad_request` for what age could not encrypt to. */
export function checkRecipient(recipient: string): void {
  const key = bech32Decode(recipient, RECIPIENT);
  if (key?.length === KEY_BYTES && isUsable(key)) return;
  throw new SafebaseError("bad_request", "recipient: that is no X25519 recipient of age", { hint: "it begins with age1; `age-keygen -y file` tells that of an identity" });
}

/** There are points with which every secret makes the same key: neither age nor OpenSSL takes them. */
function isUsable(key: Uint8Array): boolean {
  const publicKey = createPublicKey({ key: Buffer.concat([PUBLIC_DER, key]), format: "der", type: "spki" });
  try {
    diffieHellman({ privateKey: generateKeyPairSync("x25519").privateKey, publicKey });
    return true;
  } catch {
    return false; // OpenSSL refuses it, which is the answer
  }
}

function recipientOfKey(key: KeyObject): string {
  return bech32Encode(RECIPIENT, rawOf(key, "spki"));
}

function rawOf(key: KeyObject, type: "pkcs8" | "spki"): Uint8Array {
  return key.export({ format: "der", type } as { format: "der"; type: "spki" }).subarray(-KEY_BYTES);
}
