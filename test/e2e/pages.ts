import { freePort, tempDir } from "@safebase/testing";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { Client, PASSWORD } from "../client.ts";
import { inspect, startBrowser } from "./browser.ts";
import { startProgram, type Program } from "./program.ts";
import { end } from "./system.ts";

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1360, height: 860 };

/** Both languages, both appearances, both widths. */
export const LOOKS = [
  { locale: "en-GB", colorScheme: "light", viewport: DESK }, { locale: "fr-FR", colorScheme: "dark", viewport: DESK },
  { locale: "fr-FR", colorScheme: "light", viewport: PHONE }, { locale: "en-GB", colorScheme: "dark", viewport: PHONE },
] as const;

/** A page of the application: its path and its heading in both languages. */
export type Place = readonly [path: string, en: string, fr: string];

/** SafeBase as `npm start` runs it, and browsers that look at it. */
export class Pages implements AsyncDisposable {
  readonly browser: Browser;
  readonly url: string;
  /** What the console of any page complained of. */
  readonly complaints: string[] = [];
  readonly #stack: AsyncDisposableStack;
  readonly #start: () => Promise<Program>;
  #program: Program;

  private constructor(stack: AsyncDisposableStack, browser: Browser, url: string, start: () => Promise<Program>, program: Program) {
    this.#stack = stack;
    this.browser = browser;
    this.url = url;
    this.#start = start;
    this.#program = program;
  }

  static async start(settings: Record<string, string> = {}): Promise<Pages> {
    await using stack = new AsyncDisposableStack();
    const { path } = stack.use(await tempDir("web"));
    const port = await freePort();
    const start = async (): Promise<Program> => {
      const program = owner.use(startProgram("services/standalone/src/main.ts", { SAFEBASE_PORT: String(port), SAFEBASE_DATA_DIR: path, SAFEBASE_DUMPS_PER_SERVER: "8", ...settings }));
      owner.defer(() => end(program));
      await program.url();
      return program;
    };
    let owner = stack;
    const [program, browser] = await Promise.all([start(), startBrowser()]);
    stack.defer(() => browser.close());
    owner = stack.move();
    return new Pages(owner, browser, `http://127.0.0.1:${port}`, start, program);
  }

  /** A browser of nobody's. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await this.browser.newContext({ baseURL: this.url, reducedMotion: "reduce", locale: "en-GB", viewport: DESK, ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    page.on("console", (message) => { if (message.type() === "error") this.complaints.push(`${page.url()}: ${message.text()}`); });
    page.on("pageerror", (error) => this.complaints.push(`${page.url()}: ${error.stack ?? error.message}`));
    return page;
  }

  /** A new account, the first being the admin's: a client of the API for what is not to be clicked. */
  register(email: string): Promise<Client> {
    return Client.register(() => this.url, email);
  }

  /** A browser of somebody who is logged in. */
  async openAs(email: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open(options);
    const response = await page.context().request.post("/auth/login", { data: { email, password: PASSWORD } });
    if (!response.ok()) throw new Error(`${email} could not log in: ${await response.text()}`);
    return page;
  }

  /** Each place opened and loaded, in one look: nothing serious for axe, nothing beyond the edge, a picture of it. */
  async visit(email: string, look: (typeof LOOKS)[number], places: readonly Place[]): Promise<void> {
    const page = await this.openAs(email, look);
    for (const [path, en, fr] of places) {
      await page.goto(path);
      await page.getByRole("heading", { name: look.locale === "fr-FR" ? fr : en, level: 1, exact: true }).waitFor();
      await page.locator(".skeleton").first().waitFor({ state: "detached" });
      await inspect(page, `${path.slice(1).replaceAll(/[/?=&]/g, "-") || "dashboard"}-${look.locale.slice(0, 2)}-${look.colorScheme}-${look.viewport.width}`);
    }
    await page.context().close();
  }

  /** Ends SafeBase; its data stays for `startAgain`. */
  stop(): Promise<void> {
    return end(this.#program);
  }

  async startAgain(): Promise<void> {
    this.#program = await this.#start();
  }

  /** Nothing threw and no page broke a rule of its policy, beside what is expected of somebody who is not logged in, and of a SafeBase that is away. */
  expectNoComplaints(): void {
    expect(this.complaints.filter((text) => !/status of 40[0-9]|ERR_(CONNECTION_(REFUSED|RESET)|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)/.test(text))).toEqual([]);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
