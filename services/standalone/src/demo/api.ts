import { setTimeout as wait } from "node:timers/promises";

type Json = Record<string, unknown>;

/** What the demo uses of the REST API, as any client would. */
export class Api {
  readonly #url: string;
  #token = "";

  constructor(url: string) {
    this.#url = url;
  }

  /** The answer's JSON; an error answer is thrown as its sentence. */
  async call<T = Json>(method: string, path: string, body?: Json): Promise<T> {
    const response = await this.fetch(method, path, body);
    const answer = await response.json() as T & { error?: string };
    if (!response.ok) throw new Error(answer.error ?? `${method} ${path}: ${response.status}`);
    return answer;
  }

  fetch(method: string, path: string, body?: Json): Promise<Response> {
    const headers = { "content-type": "application/json", ...(this.#token === "" ? {} : { authorization: `Bearer ${this.#token}` }) };
    return fetch(this.#url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  async register(email: string, password: string): Promise<void> {
    this.#token = (await this.call<{ token: string }>("POST", "/auth/register", { email, password })).token;
  }

  /** Asks every so often until a backup or restore has ended, and gives it. */
  async ended(path: string, name: "backup" | "restore"): Promise<Ended> {
    for (;;) {
      const thing = (await this.call<Record<typeof name, Ended>>("GET", path))[name];
      if (!["pending", "running"].includes(thing.status)) return thing;
      await wait(200);
    }
  }
}

export interface Ended {
  readonly id: number;
  readonly status: string;
  readonly size: number;
  readonly filename: string;
  readonly filepath: string;
  readonly error_msg: string | null;
  readonly safety_backup_id?: number | null;
}
