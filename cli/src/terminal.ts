import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import type { Environment } from "./access.ts";
import { cut, plain } from "./output.ts";
import { EXIT, Problem } from "./problem.ts";
import type { Texts } from "./texts/texts.ts";

/** Results go to stdout; what is told on the way, asked, and wrong to stderr. */
export class Terminal {
  readonly #t: Texts;
  readonly #env: Environment;
  #drawn = 0;

  /** `env` is looked at for TERM. */
  constructor(t: Texts, env: Environment) {
    this.#t = t;
    this.#env = env;
  }

  /** Is there somebody who can be asked? */
  get interactive(): boolean {
    return process.stdin.isTTY && process.stderr.isTTY;
  }

  /** Can lines be drawn over? */
  get live(): boolean {
    return process.stderr.isTTY && this.#env["TERM"] !== "dumb";
  }

  result(line: string): void {
    this.draw([]);
    process.stdout.write(`${plain(line)}\n`);
  }

  json(value: unknown): void {
    process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  note(line: string): void {
    this.draw([]);
    process.stderr.write(`${plain(line)}\n`);
  }

  /** Draws these lines over those drawn before. Only where `live`. */
  draw(lines: readonly string[]): void {
    if (this.#drawn === 0 && lines.length === 0) return;
    const rows = process.stderr.rows || 24, columns = process.stderr.columns || 80; // 0 where a terminal does not know
    const shown = lines.slice(0, rows - 1).map((line) => cut(plain(line), columns - 1));
    const back = this.#drawn === 0 ? "" : `\u001B[${this.#drawn}A`;
    process.stderr.write(`${back}\r\u001B[J${shown.map((line) => `${line}\n`).join("")}`);
    this.#drawn = shown.length;
  }

  /** What somebody types at a prompt. */
  async ask(question: string): Promise<string> {
    return this.#prompt(plain(question), process.stderr);
  }

  /** A secret: the first line of a file, of stdin for `-`, or typed unseen. */
  async secret(question: string, file: string | undefined): Promise<string> {
    if (file !== undefined) return this.secretFrom(file);
    if (!this.interactive) throw new Problem(EXIT.usage, this.#t.noTerminal, { hint: this.#t.hints.passwordFile });
    process.stderr.write(question);
    const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
    return this.#prompt("", unseen).finally(() => process.stderr.write("\n"));
  }

  /** The first line of a file, or of stdin for `-`. */
  async secretFrom(file: string): Promise<string> {
    return (await this.fileText(file)).split(/\r?\n/)[0] ?? "";
  }

  /** A file's text, or stdin's for `-`. */
  async fileText(file: string): Promise<string> {
    return await (file === "-" ? textOf(process.stdin) : readFile(file, "utf8")).catch((error: Error) => {
      throw new Problem(EXIT.usage, this.#t.cannotRead(file, error.message), { cause: error });
    });
  }

  #prompt(question: string, output: NodeJS.WritableStream): Promise<string> {
    if (!this.interactive) throw new Problem(EXIT.usage, this.#t.noTerminal);
    const lines = createInterface({ input: process.stdin, output, terminal: true });
    return new Promise<string>((resolve, reject) => {
      lines.once("SIGINT", () => reject(new Problem(EXIT.interrupted, this.#t.interrupted)));
      lines.once("close", () => reject(new Problem(EXIT.interrupted, this.#t.interrupted))); // Ctrl-D; after an answer it changes nothing
      lines.question(question, resolve);
    }).finally(() => lines.close());
  }
}
