import { createAccount, createOperator, encodeAccount, encodeOperator, fromSeed, type OperatorLimits } from "@nats-io/jwt";
import type { NatsSigning } from "./nats-creds.ts";

/** The seeds of a NATS of our own: who operates it, its system's account, SafeBase's account, and the key that signs its users. */
export interface OperatorSeeds {
  readonly operator: string;
  readonly system: string;
  readonly account: string;
  readonly signing: string;
}

const NO_LIMITS: OperatorLimits = {
  subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1,
  mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1,
};

const encoder = new TextEncoder();
const publicKeyOf = (seed: string): string => fromSeed(encoder.encode(seed)).getPublicKey();
const seedOf = (key: { getSeed(): Uint8Array }): string => new TextDecoder().decode(key.getSeed());

/** New ones. */
export function makeOperatorSeeds(): OperatorSeeds {
  return { operator: seedOf(createOperator()), system: seedOf(createAccount()), account: seedOf(createAccount()), signing: seedOf(createAccount()) };
}

/** What credentials of the account are made with. */
export function signingOf({ account, signing }: Pick<OperatorSeeds, "account" | "signing">): NatsSigning {
  return { seed: signing, account: publicKeyOf(account) };
}

/** What nats-server has to know of it: nothing of this is a secret. */
export interface OperatorJwts {
  readonly operator: string;
  readonly system_key: string;
  readonly system: string;
  readonly account_key: string;
  readonly account: string;
}

/** `revoked`: by its public key, the second up to which the credentials of a user are not taken any more. */
export async function operatorJwts(seeds: OperatorSeeds, revoked: Readonly<Record<string, number>> = {}): Promise<OperatorJwts> {
  const [system_key, account_key] = [publicKeyOf(seeds.system), publicKeyOf(seeds.account)];
  const { mem_storage: _mem, disk_storage: _disk, streams: _streams, consumer: _consumer, ...limits } = NO_LIMITS; // JetStream is not for the system's account
  return {
    operator: await encodeOperator("SafeBase", seeds.operator, { system_account: system_key }),
    system_key, system: await encodeAccount("SYS", seeds.system, { limits }, { signer: seeds.operator }),
    account_key, account: await encodeAccount("SAFEBASE", seeds.account, {
      limits: NO_LIMITS, signing_keys: [publicKeyOf(seeds.signing)], ...(Object.keys(revoked).length === 0 ? {} : { revocations: { ...revoked } }),
    }, { signer: seeds.operator }),
  };
}

/** Where nats-server finds its files and keeps its own. */
export interface NatsPlaces {
  /** The folder with server.crt, server.key and ca.crt, as nats-server sees it. */
  readonly etc: string;
  readonly store: string;
  readonly port?: number;
}

/** The configuration of a nats-server that lets in whom the account's signing key signed for, over TLS, and nobody else. */
export function natsConf(jwts: OperatorJwts, { etc, store, port = 4222 }: NatsPlaces): string {
  return [
    "# Made by deploy/init.ts; what is changed here stays. docs/nats.md tells of more servers, revoking and rotating.",
    `listen: "0.0.0.0:${port}"`,
    `http: "127.0.0.1:${port === 4222 ? 8222 : port + 1}"`,
    "max_payload: 1MB",
    `jetstream { store_dir: ${JSON.stringify(store)}, max_memory_store: 64MB }`,
    `tls { cert_file: ${JSON.stringify(`${etc}/server.crt`)}, key_file: ${JSON.stringify(`${etc}/server.key`)}, ca_file: ${JSON.stringify(`${etc}/ca.crt`)} }`,
    `operator: ${jwts.operator}`,
    `system_account: ${jwts.system_key}`,
    "resolver: MEMORY",
    "resolver_preload {",
    `  ${jwts.system_key}: ${jwts.system}`,
    `  ${jwts.account_key}: ${jwts.account}`,
    "}",
    "",
  ].join("\n");
}

/** The same configuration with another account's JWT, as after a revocation. */
export function withAccount(conf: string, { account_key, account }: OperatorJwts): string {
  const line = new RegExp(`^(\\s*${account_key}\\s*[:=]\\s*)\\S+$`, "m");
  if (!line.test(conf)) throw new Error(`nats.conf has no line with the account ${account_key}`);
  return conf.replace(line, (_all, head: string) => head + account);
}
