import { SafebaseError } from "@safebase/contracts";
import { mintExecutorCreds, VERSION } from "@safebase/runtime";
import { recordAudit } from "../../audit/record.ts";
import { mayOwn } from "../../auth/rights.ts";
import { beginJoinAttempt } from "../../auth/throttle.ts";
import { addGroup } from "../../catalog/executor-groups.ts";
import { claimJoinToken, joinTokenOf, type JoinToken } from "../../catalog/join-tokens.ts";
import type { User } from "../../catalog/schema.ts";
import { findUser } from "../../catalog/users.ts";
import type { Core } from "../../jobs/deps.ts";
import { joiningMeans } from "./means.ts";
import { hashOfJoinToken } from "./token.ts";

/** So long NATS lets in whoever has joined; then the machine joins again. */
const CREDENTIALS_HOLD_MS = 365 * 24 * 3_600_000;

export interface JoinRequest { readonly token: string; /** What the machine calls itself. */ readonly host: string; readonly ip: string | null }

/** All that a machine needs to be an executor of its group; shown here and never again. */
export interface Joined {
  readonly group: string;
  readonly nats_url: string;
  readonly nats_creds: string;
  readonly nats_ca: string | null;
  readonly group_key: string;
  /** Until then NATS takes the credentials. */
  readonly expires_at: string;
  /** Executors are best of the same one. */
  readonly version: string;
  /** What has to be the same everywhere, by the settings' names. */
  readonly settings: Readonly<Record<string, string>>;
}

/**
 * Makes a machine one of a group's executors: credentials that let it take that group's jobs and tell of them, and the
 * key that opens what is sent to the group. A token is good for one machine; one that nobody made is counted as a guess.
 */
export async function joinGroup(deps: Core, request: JoinRequest): Promise<Joined> {
  const token = await requireToken(deps, request);
  const refuse = refusal(deps, request, token);
  const maker = await findUser(deps.db, token.user_id);
  if (maker === undefined || maker.disabled_at !== null || !mayOwn(maker.role, "administer")) return refuse("this join token was revoked");
  if (token.expires_at <= deps.now().toISOString()) return refuse(`this join token expired at ${token.expires_at}`);
  if (token.used_at !== null) return refuse(USED);
  const { signing, nats_url, nats_ca } = joiningMeans(deps.config); // before the token is used up
  const group = token.executor_group;
  const expires_at = new Date(deps.now().getTime() + CREDENTIALS_HOLD_MS);
  const { creds: nats_creds, user_key } = await mintExecutorCreds(signing, group, expires_at);
  if (!await claim(deps, token, maker, request, user_key)) return refuse(USED);
  deps.log.info({ group, host: request.host, join_token_id: token.id }, "a machine has joined a group of executors");
  return {
    group, nats_url, nats_creds, nats_ca, group_key: deps.secrets.forGroup(group).reveal(), expires_at: expires_at.toISOString(), version: VERSION,
    settings: { SAFEBASE_LEASE_TTL_S: String(deps.config.lease_ttl_s) },
  };
}

const USED = "this join token was used already";

async function requireToken(deps: Core, { token, ip, host }: JoinRequest): Promise<JoinToken> {
  const attempt = await beginJoinAttempt(deps.db, ip);
  const row = await joinTokenOf(deps.db, hashOfJoinToken(token));
  if (row === undefined) {
    await recordAudit(deps.db, { actor: { user_id: null, email: "a join token", ip }, action: "executor.join", outcome: "refused", detail: { host, reason: "no such token" } });
    throw new SafebaseError("not_found", "there is no such join token", { hint: "it may have been revoked: ask an admin for another" });
  }
  await attempt.succeeded();
  return row;
}

/** In one transaction with its audit entry, under whose token it was. The public key names the credentials, so that NATS can be told to refuse them. */
async function claim(deps: Core, token: JoinToken, maker: User, { host, ip }: JoinRequest, user_key: string): Promise<boolean> {
  const at = deps.now().toISOString();
  const group = token.executor_group;
  return deps.db.transaction().execute(async (tx) => {
    if (!await claimJoinToken(tx, token.id, { at, ip, host })) return false;
    if (group !== deps.config.executor_group) await addGroup(tx, group, at);
    await recordAudit(tx, { actor: { user_id: maker.id, email: maker.email, ip }, action: "executor.join", object: { type: "join_token", id: token.id }, detail: { group, host, user_key } });
    return true;
  });
}

type Refuse = (sentence: string) => Promise<never>;

function refusal(deps: Core, { ip, host }: JoinRequest, { id, executor_group: group }: JoinToken): Refuse {
  return async (sentence) => {
    await recordAudit(deps.db, { actor: { user_id: null, email: "a join token", ip }, action: "executor.join", object: { type: "join_token", id }, outcome: "refused", detail: { group, host, reason: sentence } });
    throw new SafebaseError("gone", sentence, { hint: "ask an admin for another" });
  };
}
