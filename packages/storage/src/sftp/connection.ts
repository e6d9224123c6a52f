import { createHash } from "node:crypto";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { Client } from "ssh2";
import type { ConnectConfig, SFTPWrapper } from "ssh2";
import type { Lookup } from "../reach.ts";
import { markGone } from "./calls.ts";
import type { SftpConfig } from "./config.ts";
import { otherHostKey, sftpError } from "./errors.ts";

const IDLE_MS = 5_000;
const READY_MAX_MS = 20_000;
const KEEPALIVES = 3;

/** A way to the server, for as long as it is held. */
export type Lease = { sftp: SFTPWrapper; release: () => void };

/** One connection to the server, opened when somebody needs it and closed soon after nobody does. A lost one is replaced by the next lease. */
export class Connection {
  readonly #config: SftpConfig;
  readonly #lookup: Lookup | undefined;
  #session: Promise<Session> | undefined;

  constructor(config: SftpConfig, lookup: Lookup | undefined) {
    this.#config = config;
    this.#lookup = lookup;
  }

  /** Waits for the connection; what hinders it is thrown in our words. */
  async lease(what: string): Promise<Lease> {
    const opening = this.#session ??= this.#open();
    try {
      const session = await opening;
      return session.lease();
    } catch (error) {
      if (this.#session === opening) this.#session = undefined;
      throw sftpError(this.#config, what, error);
    }
  }

  #open(): Promise<Session> {
    const opening = openSession(this.#config, this.#lookup).then((session) => {
      const forget = (): void => { if (this.#session === opening) this.#session = undefined; };
      session.client.once("error", forget).once("close", forget);
      session.closing = forget;
      return session;
    });
    return opening;
  }
}

class Session {
  readonly client: Client;
  readonly sftp: SFTPWrapper;
  closing: () => void = () => {};
  #users = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(client: Client, sftp: SFTPWrapper) {
    this.client = client;
    this.sftp = sftp;
  }

  lease(): Lease {
    clearTimeout(this.#idle);
    this.#users++;
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      if (--this.#users === 0) this.#idle = setTimeout(() => { this.closing(); this.client.end(); }, IDLE_MS);
    };
    return { sftp: this.sftp, release };
  }
}

function openSession(config: SftpConfig, lookup: Lookup | undefined): Promise<Session> {
  const client = new Client();
  let host_key_error: Error | undefined;
  const verify = (key: Buffer): boolean => {
    const found = `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
    if (found === config.host_fingerprint.replace(/=+$/, "")) return true;
    host_key_error = otherHostKey(config, found);
    return false;
  };
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      client.end();
      reject(host_key_error ?? error);
    };
    client.on("error", fail); // stays: what comes after `ready` also reaches those who wait for answers
    client.once("close", () => fail(new Error("the connection was cut")));
    client.once("ready", () => client.sftp((error, sftp) => {
      if (error) fail(error);
      else resolve(sessionOf(client, sftp));
    }));
    const socket = openSocket(config, lookup);
    try {
      client.connect({ ...connectConfig(config, verify), sock: socket });
    } catch (error) {
      socket.destroy();
      fail(error as Error); // a key that cannot be read
    }
  });
}

function openSocket({ host, port }: SftpConfig, lookup: Lookup | undefined): Socket {
  return connect({ host, port, ...(lookup === undefined ? {} : { lookup }) })
    .setMaxListeners(0).on("error", () => {}); // the client tells it, once it listens
}

function sessionOf(client: Client, sftp: SFTPWrapper): Session {
  sftp.on("error", () => {}); // told to those who wait for answers
  client.once("error", (error) => markGone(sftp, error));
  client.once("close", () => markGone(sftp, new Error("the connection was cut")));
  return new Session(client, sftp);
}

function connectConfig(config: SftpConfig, hostVerifier: (key: Buffer) => boolean): ConnectConfig {
  const { host, port, username, password, private_key, passphrase, timeout_s } = config;
  return {
    host, port, username, hostVerifier, readyTimeout: Math.min(READY_MAX_MS, timeout_s * 1_000),
    keepaliveInterval: Math.ceil((timeout_s * 1_000) / KEEPALIVES), keepaliveCountMax: KEEPALIVES,
    ...(password === undefined ? {} : { password }),
    ...(private_key === undefined ? {} : { privateKey: private_key }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
}
