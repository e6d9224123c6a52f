import { until } from "@safebase/testing";
import type { ServerInfo } from "@safebase/testing";

export type Json = Record<string, unknown>;

/** A backup, a restore, a verification or a check, as the API shows it and as far as tests look. */
export interface Shown {
  readonly id: number;
  readonly job_id: number;
  readonly database_id: number;
  readonly status: string;
  readonly error_msg: string | null;
  readonly error_code: string | null;
  readonly filename: string;
  readonly filepath: string;
  readonly size: number;
  readonly sha256: string;
  readonly trigger: string;
  readonly format: string;
  readonly compression: string;
  readonly safety_backup_id?: number | null;
  readonly scratch_db_name?: string;
}

type Kind = "backup" | "restore" | "verification" | "check";

/** An answer as it came, also when it is a refusal. */
export interface Answer {
  readonly status: number;
  readonly body: Json;
  readonly headers: Headers;
}

/** Of every account of these tests. */
export const PASSWORD = "a long password";

/** A user of the REST API. */
export class Client {
  readonly #url: () => string;
  readonly #token: string;

  /** `url` is asked for each call, for the gateway may come back elsewhere; an empty token is nobody's. */
  constructor(url: () => string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static register(url: () => string, email = "chaos@example.org"): Promise<Client> {
    return Client.#enter(url, "/auth/register", email);
  }

  static login(url: () => string, email: string): Promise<Client> {
    return Client.#enter(url, "/auth/login", email);
  }

  static async #enter(url: () => string, path: string, email: string): Promise<Client> {
    const { token } = await new Client(url, "").call<{ token: string }>("POST", path, { email, password: PASSWORD });
    return new Client(url, token);
  }

  get token(): string { return this.#token; }

  /** The response itself. A body that is text goes out as it is, anything else as JSON. */
  fetch(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
    const known = { ...(body === undefined ? {} : { "content-type": "application/json" }), ...(this.#token === "" ? {} : { authorization: `Bearer ${this.#token}` }) };
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return fetch(this.#url() + path, { method, headers: { ...known, ...headers }, ...(body === undefined ? {} : { body: text }) });
  }

  /** Status and JSON of whatever is answered. */
  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await this.fetch(method, path, body, headers);
    return { status: response.status, headers: response.headers, body: await response.json() as Json };
  }

  /** The answer's JSON; an error answer is thrown as its sentence. */
  async call<T>(method: string, path: string, body?: Json): Promise<T> {
    const answer = await this.ask(method, path, body);
    if (answer.status >= 400) throw new Error(`${answer.status}: ${String(answer.body["error"])}`);
    return answer.body as T;
  }

  async addDatabase(server: ServerInfo, db_name: string, changes: Json = {}): Promise<number> {
    const { engine, host, port, username, password } = server;
    const body = { name: `test ${db_name}`, type: engine, host, port, username, password, db_name, ...changes };
    return (await this.call<{ database: { id: number } }>("POST", "/api/databases", body)).database.id;
  }

  async backUp(databaseId: number, body: Json = {}): Promise<Shown> {
    return (await this.call<{ backup: Shown }>("POST", `/api/backups/database/${databaseId}`, body)).backup;
  }

  async restore(backupId: number, confirm: string, body: Json = {}): Promise<Shown> {
    return (await this.call<{ restore: Shown }>("POST", `/api/backups/${backupId}/restore`, { confirm, delay_s: 0, ...body })).restore;
  }

  async verify(backupId: number, body: Json = {}): Promise<Shown> {
    return (await this.call<{ verification: Shown }>("POST", `/api/backups/${backupId}/verify`, body)).verification;
  }

  async check(backupId: number): Promise<Shown> {
    return (await this.call<{ check: Shown }>("POST", `/api/backups/${backupId}/check`)).check;
  }

  backup(id: number): Promise<Shown> {
    return this.call<{ backup: Shown }>("GET", `/api/backups/${id}`).then(({ backup }) => backup);
  }

  /** Waits for the final state. Errors meanwhile are waited out: a gateway may be down. */
  ended(kind: Kind, id: number, timeout_ms = 60_000): Promise<Shown> {
    return this.reached(kind, id, ["completed", "failed", "canceled"], timeout_ms);
  }

  reached(kind: Kind, id: number, statuses: readonly string[], timeout_ms = 60_000): Promise<Shown> {
    return until(`${kind} ${id} to be ${statuses.join(" or ")}`, async () => {
      const shown = (await this.call<Record<typeof kind, Shown>>("GET", `/api/${kind}s/${id}`))[kind];
      return statuses.includes(shown.status) && shown;
    }, { timeout_ms, every_ms: 50 });
  }

  /** A backup that is over and has succeeded. */
  async backedUp(databaseId: number, body: Json = {}): Promise<Shown> {
    return completed(await this.ended("backup", (await this.backUp(databaseId, body)).id));
  }

  /** A verification that is over and has succeeded. */
  async verified(backupId: number, body: Json = {}): Promise<Shown> {
    return completed(await this.ended("verification", (await this.verify(backupId, body)).id));
  }

  /** A restore that is over and has succeeded. */
  async restored(backupId: number, confirm: string, body: Json = {}): Promise<Shown> {
    return completed(await this.ended("restore", (await this.restore(backupId, confirm, body)).id));
  }
}

function completed(shown: Shown): Shown {
  if (shown.status !== "completed") throw new Error(`${shown.status}: ${shown.error_msg}`);
  return shown;
}
