import { natsUserOf, permissionsOf, type NatsRole } from "@safebase/contracts";
import { createUser, decode, encodeUser, fmtCreds, type User } from "@nats-io/jwt";
import { ConfigError, type Config } from "./config.ts";

/** An executor in a private network joins again within this time, or NATS lets it in no more. */
const JOINED_LIFETIME_MS = 365 * 24 * 3600 * 1000;
/** A request is answered within this time, or NATS refuses the answer. */
const ANSWER_WITHIN_NS = 300 * 1e9;
const GROUP = /^[A-Za-z0-9_-]{1,64}$/;

/** With what users of NATS are made: the seed of an account's signing key, and the account's public key. */
export interface NatsSigning {
  readonly seed: string;
  readonly account: string;
}

/** The text of a creds file, and the public key of its user, by which its access can be revoked. */
export interface Minted {
  readonly creds: string;
  readonly user_key: string;
}

/**
 * What a gateway signs with: `SAFEBASE_NATS_SIGNING_KEY`, and the account that its own credentials
 * (`SAFEBASE_NATS_CREDS`) name. Undefined when it was not given a signing key.
 */
export function natsSigningOf({ nats_signing_key, nats_creds }: Pick<Config, "nats_signing_key" | "nats_creds">): NatsSigning | undefined {
  if (nats_signing_key === undefined) return undefined;
  const account = nats_creds === undefined ? undefined : claimsOf(nats_creds).account;
  if (account === undefined) {
    throw new ConfigError("SAFEBASE_NATS_SIGNING_KEY needs SAFEBASE_NATS_CREDS beside it: they name the account that it signs for");
  }
  return { seed: nats_signing_key, account };
}

/** Credentials for the executors of one group, with the least that they need. NATS takes them at once, without a restart. */
export function mintExecutorCreds(signing: NatsSigning, group: string, expires_at: Date = new Date(Date.now() + JOINED_LIFETIME_MS)): Promise<Minted> {
  if (!GROUP.test(group)) throw new Error("an executor group may hold letters, digits, - and _"); // it becomes a part of subjects
  return mintCreds(signing, { service: "executor", group }, expires_at);
}

/** Credentials for any role; without `expires_at` for good. */
export async function mintCreds(signing: NatsSigning, role: NatsRole, expires_at?: Date): Promise<Minted> {
  const user = createUser();
  const { publish, subscribe } = permissionsOf(role);
  const rights: Partial<User> = { pub: { allow: [...publish] }, sub: { allow: [...subscribe] }, resp: { max: 1, ttl: ANSWER_WITHIN_NS } };
  const jwt = await encodeUser(natsUserOf(role), user, signing.account, rights, {
    signer: signing.seed, ...(expires_at === undefined ? {} : { exp: Math.floor(expires_at.getTime() / 1000) }),
  });
  return { creds: new TextDecoder().decode(fmtCreds(jwt, user)), user_key: user.getPublicKey() };
}

/** Who a creds file is for. */
export interface CredsClaims {
  readonly user: string;
  readonly user_key: string;
  readonly account: string | undefined;
  readonly expires_at: Date | undefined;
}

/** What a creds file says of itself. Throws ConfigError for a text that is none. */
export function claimsOf(creds: string): CredsClaims {
  try {
    const jwt = /-----BEGIN NATS USER JWT-----\s+(\S+)/.exec(creds)?.[1] ?? "";
    const { name, sub, exp, nats } = decode<User>(jwt);
    return { user: name, user_key: sub, account: nats.issuer_account, expires_at: exp === undefined ? undefined : new Date(exp * 1000) };
  } catch (cause) {
    throw new ConfigError("SAFEBASE_NATS_CREDS: must be the text of a .creds file", { cause });
  }
}
