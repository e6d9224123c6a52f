import { readFile } from "node:fs/promises";
import { makeCertificates, startNats, type NatsServer } from "@safebase/testing";
import { natsUserOf, type NatsRole } from "@safebase/contracts";
import { Bus, type BusOptions } from "./bus.ts";
import { createLog } from "./log.ts";
import { mintCreds, type NatsSigning } from "./nats-creds.ts";
import { makeOperatorSeeds, natsConf, operatorJwts, signingOf, withAccount, type OperatorSeeds } from "./nats-operator.ts";

/** A nats-server as in production: users by JWT, TLS with a CA of its own; on loopback. */
export interface SecuredNats extends AsyncDisposable {
  readonly server: NatsServer;
  readonly url: string;
  readonly ca: string;
  readonly signing: NatsSigning;
  creds(role: NatsRole): Promise<string>;
  /** A connection of its own, with the credentials of that role unless others are given. */
  connect(role: NatsRole, options?: Partial<BusOptions>, signal?: AbortSignal): Promise<Bus>;
  /** Takes back the credentials of these users. */
  revoke(...user_keys: string[]): Promise<void>;
}

export async function startSecuredNats(names?: string): Promise<SecuredNats> {
  const seeds = makeOperatorSeeds();
  let [conf, ca] = ["", ""];
  const server = await startNats({
    conf: async ({ port, dir, store_dir }) => {
      const { ca_path, cert_path, key_path } = makeCertificates(dir, names);
      ca = await readFile(ca_path, "utf8");
      conf = onLoopback(natsConf(await operatorJwts(seeds), { etc: dir, store: store_dir, port }));
      for (const [ours, theirs] of [["server.crt", cert_path], ["server.key", key_path], ["ca.crt", ca_path]] as const) conf = conf.replace(`${dir}/${ours}`, theirs);
      return conf;
    },
  });
  const [url, signing] = [`tls://localhost:${server.port}`, signingOf(seeds)];
  const creds = async (role: NatsRole): Promise<string> => (await mintCreds(signing, role)).creds.trim(); // as the configuration has it
  return {
    server, url, ca, signing, creds,
    connect: async (role, options = {}, signal = new AbortController().signal) => Bus.connect({
      url, ca, creds: await creds(role), name: natsUserOf(role), lease_ttl_ms: 60_000, log: createLog("test", "silent"), awaits_gateway: role.service !== "gateway", ...options,
    }, signal),
    revoke: (...user_keys) => revoke(server, conf, seeds, user_keys),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

async function revoke(server: NatsServer, conf: string, seeds: OperatorSeeds, user_keys: readonly string[]): Promise<void> {
  const now_s = Math.floor(Date.now() / 1000);
  await server.reload(withAccount(conf, await operatorJwts(seeds, Object.fromEntries(user_keys.map((key) => [key, now_s])))));
}

/** As it is made, but for this machine alone, and without the page for monitoring, whose port may be another's. */
function onLoopback(conf: string): string {
  return conf.replace("0.0.0.0", "127.0.0.1").replace(/^http:.*$/m, "");
}
