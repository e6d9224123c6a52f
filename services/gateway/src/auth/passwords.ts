import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from "node:crypto";
import { promisify } from "node:util";

const derive = promisify<"argon2id", Argon2Parameters, Buffer>(argon2);

/** OWASP's argon2id minimum: 19 MiB, two passes, one lane. About 20 ms; a stored hash keeps its own parameters. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** An argon2id hash as a PHC string. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16);
  const tag = await derive("argon2id", { message: password.normalize("NFKC"), nonce, tagLength: 32, ...COST });
  return `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${unpadded(nonce)}$${unpadded(tag)}`;
}

/** Whether the password is the one of the hash. Without a hash (nobody of that name) it takes as long and is false. */
export async function verifyPassword(password: string, phc: string | undefined): Promise<boolean> {
  const [, memory, passes, parallelism, nonce, expected] = PHC.exec(phc ?? (await decoy())) ?? [];
  if (nonce === undefined || expected === undefined) throw new Error("a stored password hash is not an argon2id PHC string");
  const wanted = Buffer.from(expected, "base64");
  const tag = await derive("argon2id", {
    message: password.normalize("NFKC"), nonce: Buffer.from(nonce, "base64"), tagLength: wanted.length,
    memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism),
  });
  return timingSafeEqual(tag, wanted) && phc !== undefined;
}

let decoyHash: Promise<string> | undefined;
function decoy(): Promise<string> {
  return decoyHash ??= hashPassword(randomBytes(18).toString("base64"));
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}
