import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { documentsIn, KUBERNETES_DIR } from "./build-fixture.ts";
import type { Manifest } from "./schema-fixture.ts";

interface Composed { readonly image: string; readonly environment: Readonly<Record<string, string>>; readonly build: { readonly target: string } }
interface Pod { readonly securityContext: { readonly runAsUser: number }; readonly containers: readonly [{ readonly image: string; readonly env?: readonly { readonly name: string; readonly value: string }[]; readonly ports: readonly { readonly containerPort: number }[] }] }
type Deployment = Manifest & { readonly spec: { readonly template: { readonly spec: Pod } } };

const ROOT = resolve(KUBERNETES_DIR, "../..");
const DOCKERFILE = readFileSync(join(ROOT, "deploy/Dockerfile"), "utf8");
const { services } = parse(readFileSync(join(ROOT, "docker-compose.yml"), "utf8"), { merge: true }) as { services: Record<string, Composed> };
const SETTINGS = Object.fromEntries(readFileSync(join(KUBERNETES_DIR, "base/settings.env"), "utf8").split("\n").flatMap((line) => (/^\w/.test(line) ? [line.split(/=(.*)/s) as [string, string]] : [])));
const DEPLOYMENTS = documentsIn(join(KUBERNETES_DIR, "base")).filter(({ kind }) => kind === "Deployment") as Deployment[];

/** What an installation chooses for itself: there by .env, here by an overlay. */
const CHOSEN = /^SAFEBASE_(ALERT_|ALLOWED_TARGETS|DRAIN_S|DUMPS_PER_SERVER|EXECUTOR_|LOG_LEVEL|MAIL_FROM|METRICS_TOKEN|NATS_PUBLIC_URL|PUBLIC_URL|REGISTRATION|SMTP_URL|TRUST_PROXY|CATALOG_URL)/;

/** The part of a Dockerfile that makes one image. */
const stage = (name: string): string => DOCKERFILE.split(/^FROM /m).find((each) => each.split("\n")[0]?.endsWith(` AS ${name}`)) ?? "";

describe.each(DEPLOYMENTS.map((each) => [each.metadata.name.replace("safebase-", ""), each.spec.template.spec] as const))("%s is the same here and in docker-compose.yml", (name, pod) => {
  const [container] = pod.containers;

  it("comes from the same image", () => {
    expect(services[name]?.build.target).toBe(name);
    expect(stage(name)).toContain(`services/${name}/src/main.ts`);
    expect(services[name]?.image.replace(/\$\{\w+:-([^}]*)\}/g, "$1").split(":")[0]).toBe(container.image);
  });

  it("listens where the image says, as the user that it says", () => {
    for (const { containerPort } of container.ports) expect(stage(name) + stage("runtime")).toMatch(new RegExp(`^EXPOSE ${containerPort}$`, "m"));
    expect(stage("runtime")).toContain(`USER ${pod.securityContext.runAsUser}:`);
  });

  it("is told the same things, from files of the same names", () => {
    const image = Object.fromEntries([...stage("runtime").matchAll(/(SAFEBASE_\w+)=(\S+)/g)].map(([, setting, value]) => [setting!, value!]));
    const fixed = (settings: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(settings).filter(([setting]) => !CHOSEN.test(setting)));
    const here = { ...SETTINGS, ...Object.fromEntries((container.env ?? []).map((each) => [each.name, each.value])) };
    expect(fixed(here)).toEqual(fixed({ ...image, ...services[name]?.environment }));
  });
});
