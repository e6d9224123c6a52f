import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";

const PROJECT_DIR = resolve(import.meta.dirname, "../..");
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;
const run = promisify(execFile);

/** What the docker client prints; a failure is thrown with what it said. */
export async function docker(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const { stdout } = await run("docker", args, { cwd: PROJECT_DIR, env: { ...process.env, ...env }, maxBuffer: OUTPUT_MAX_BYTES });
  return stdout.trim();
}

/** Whether an engine and Docker Compose answer here. */
export async function engineAnswers(): Promise<boolean> {
  try {
    await docker(["version"]);
    await docker(["compose", "version"]);
    return true;
  } catch {
    return false; // not installed, or nobody behind its socket: the same for us
  }
}

/** Beside what stands in .env.example: images of our own name, and clients that can be had from Debian alone. */
export const BUILD_SETTINGS = { SAFEBASE_IMAGES: "safebase-test", SAFEBASE_VERSION: "test", PG_SOURCE: process.env["PG_SOURCE"] ?? "debian" };

export const OUR_SERVICES = ["gateway", "scheduler", "executor", "notifier"] as const;
export const imageOf = (service: string): string => `${BUILD_SETTINGS.SAFEBASE_IMAGES}-${service}:${BUILD_SETTINGS.SAFEBASE_VERSION}`;

/** docker-compose.yml with the overlay of these tests; `.env` of whoever runs them does not count. */
export const COMPOSE_FILES = ["compose", "--env-file", "/dev/null", "-f", "docker-compose.yml", "-f", "test/containers/overlay.yml"] as const;
