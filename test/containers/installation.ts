import { freePort } from "@safebase/testing";
import { BUILD_SETTINGS, COMPOSE_FILES, docker } from "./docker.ts";

const PROJECT = "safebase-test";

/** All of docker-compose.yml in a project and on ports of its own, gone with its volumes at disposal. */
export interface Installation extends AsyncDisposable {
  readonly url: string;
  /** What the mail catcher has been sent. */
  mails(): Promise<{ to: string[]; raw: string }[]>;
  /** Runs `docker compose` on it. */
  compose(...args: string[]): Promise<string>;
  /** The names of the containers of a service that are there, running or not. */
  containersOf(service: string): Promise<string[]>;
  up(): Promise<void>;
}

export async function startInstallation(): Promise<Installation> {
  const [port, mailPort] = [await freePort(), await freePort()];
  const env = {
    ...BUILD_SETTINGS, SAFEBASE_PORT: String(port), MAIL_PORT: String(mailPort), GRAFANA_PORT: "0",
    SAFEBASE_SMTP_URL: "smtp://mail:1025", SAFEBASE_ALERT_EMAIL: "ops@example.org", SAFEBASE_ALERT_GROUP_S: "0",
  };
  const compose = (...args: string[]): Promise<string> => docker([...COMPOSE_FILES, "-p", PROJECT, "--profile", "demo", ...args], env);
  const down = async (): Promise<void> => { await compose("--profile", "monitoring", "down", "--volumes", "--timeout", "20"); };
  await down(); // what a run that was killed has left
  const installation: Installation = {
    url: `http://127.0.0.1:${port}`, compose,
    mails: async () => await (await fetch(`http://127.0.0.1:${mailPort}/`)).json() as { to: string[]; raw: string }[],
    containersOf: async (service) => (await compose("ps", "--all", "--format", "{{.Name}}", service)).split("\n").filter((name) => name !== ""),
    up: async () => { await compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", "300"); },
    [Symbol.asyncDispose]: down,
  };
  try {
    await installation.up();
    return installation;
  } catch (cause) {
    const log = await compose("logs", "--tail", "20");
    await down();
    throw new Error(`docker compose up failed; the last lines of each:\n${log}`, { cause });
  }
}
