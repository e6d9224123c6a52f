import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promtool } from "@safebase/testing";
import { describe, expect, it } from "vitest";

// What can be told of the container files without an engine; test/containers builds and runs them (npm run test:containers).
const ROOT = resolve(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
const COMPOSE = read("docker-compose.yml");
const DOCKERFILE = read("deploy/Dockerfile");
const CONFIG = read("packages/runtime/src/config.ts");

const used = new Map([...COMPOSE.matchAll(/\$\{([A-Z_]+)(?::-([^}]*))?\}/g)].map(([, name, fallback]) => [name!, fallback ?? ""]));
const offered = new Map([...read(".env.example").matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]));
const settings = [...COMPOSE.matchAll(/^ +(SAFEBASE_[A-Z_]+): (.*)$/gm)].map(([, name, value]) => [name!, value!] as const);

describe(".env.example", () => {
  it("offers what docker-compose.yml uses, and nothing else, with the same defaults", () => {
    expect(used.size).toBeGreaterThan(15);
    expect(Object.fromEntries(offered)).toEqual(Object.fromEntries(used));
  });

  it("says of each what it is", () => {
    for (const block of read(".env.example").split(/^# ---.*$/m).slice(1)) expect(block.trim()).toMatch(/^#/);
  });
});

describe("docker-compose.yml", () => {
  it("gives services settings that they know, and secrets by files alone", () => {
    expect(settings.length).toBeGreaterThan(20);
    for (const [name, value] of settings) {
      expect(CONFIG, name).toContain(`${name.replace(/_FILE$/, "")}:`);
      if (/KEY|TOKEN|CREDS|PASSWORD|CATALOG_URL/.test(name)) expect(`${name}: ${value}`).toMatch(/_FILE: \/run\/safebase\//);
    }
    for (const [line] of COMPOSE.matchAll(/^.*PASSWORD(?!_*FILE).*$/gm)) expect(line, "the demo's are no secret").toContain("demo");
  });

  it("builds targets that deploy/Dockerfile has, for every service that there is", () => {
    const targets = [...COMPOSE.matchAll(/target: (\w+)/g)].map(([, target]) => target!);
    for (const target of targets) expect(DOCKERFILE).toMatch(new RegExp(`^FROM .* AS ${target}$`, "m"));
    expect(targets.sort()).toEqual(["init", ...readdirSync(join(ROOT, "services")).filter((name) => name !== "standalone")].sort());
  });

  it("pins every image, and mounts what is there", () => {
    const images = [...COMPOSE.matchAll(/^ +image: (\S+)$/gm), ...DOCKERFILE.matchAll(/^ARG \w+_IMAGE=(\S+)$/gm)].map(([, image]) => image!);
    expect(images.length).toBeGreaterThan(10);
    for (const image of images) expect(image).toMatch(/:(?!latest)\S+$/);
    const mounted = [...COMPOSE.matchAll(/"?(\.\/[\w./-]+):/g)].map(([, path]) => path!);
    expect(mounted.length).toBeGreaterThan(5);
    for (const path of mounted) expect(existsSync(join(ROOT, path)), path).toBe(true);
  });

  it("hardens every service, and lets it end in its own time", () => {
    const services = COMPOSE.split(/^services:$/m)[1]!.split(/^volumes:$/m)[0]!.split(/^ {2}(?=[\w-]+:$)/m).slice(1);
    expect(services.length).toBeGreaterThan(10);
    for (const service of services) {
      expect(service).toMatch(/<<: \*(hardened|service)/);
      expect(service).toMatch(/^ {4}mem_limit: /m);
    }
    expect(Number.parseInt(used.get("EXECUTOR_STOP_GRACE")!, 10)).toBeGreaterThanOrEqual(Number(used.get("SAFEBASE_DRAIN_S")) + 30);
  });
});

describe("monitoring in containers", () => {
  it("has a configuration that Prometheus takes, with all rules", () => {
    const folder = mkdtempSync(join(tmpdir(), "safebase-prometheus-"));
    cpSync(join(ROOT, "deploy/prometheus"), folder, { recursive: true });
    writeFileSync(join(folder, "token"), "0123456789abcdef");
    const path = join(folder, "prometheus.containers.yml");
    writeFileSync(path, readFileSync(path, "utf8").replaceAll("/run/safebase/metrics.token", join(folder, "token")));
    expect(promtool("check", "config", path)).toContain(`SUCCESS: ${readdirSync(join(folder, "rules")).length} rule files found`);
    rmSync(folder, { recursive: true });
  });

  it("asks each service, and shows Grafana the same data source under its other address", () => {
    const asked = [...read("deploy/prometheus/prometheus.containers.yml").matchAll(/names: \[(\w+)\]/g)].map(([, name]) => name);
    expect(asked).toEqual(["gateway", "scheduler", "executor", "notifier"]);
    const source = (path: string): string => read(path).replace(/^#.*\n/, "").replace(/ #.*/, "").replace(/url: .*/, "url");
    expect(source("deploy/grafana/containers/datasources/prometheus.yml")).toBe(source("deploy/grafana/provisioning/datasources/prometheus.yml"));
    expect(read("deploy/grafana/containers/datasources/prometheus.yml")).toContain("url: http://prometheus:9090");
  });
});
