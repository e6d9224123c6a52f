import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError, loadConfig, VERSION } from "@safebase/runtime";
import { tempDir } from "@safebase/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { build, documentsIn, KUBERNETES_DIR, WHY_NOT } from "./build-fixture.ts";
import { problemsOf, type Manifest } from "./schema-fixture.ts";

const ROOT = resolve(KUBERNETES_DIR, "../..");
const GUIDE = readFileSync(join(ROOT, "docs/kubernetes.md"), "utf8");
const SERVICES = ["executor", "gateway", "notifier", "scheduler"];
/** The secrets that each has beside its credentials for NATS. */
const OWN: Record<string, readonly string[]> = { executor: ["group.key"], gateway: ["catalog.url", "master.key", "signing.key"], notifier: ["master.key"], scheduler: [] };

interface Named { readonly name: string }
interface Container {
  readonly image: string; readonly env?: readonly (Named & { readonly value: string })[]; readonly ports: readonly (Named & { readonly containerPort: number })[];
  readonly startupProbe: Probe; readonly livenessProbe: Probe; readonly readinessProbe: Probe;
  readonly securityContext: object; readonly volumeMounts: readonly (Named & { readonly mountPath: string })[];
  readonly resources: { readonly requests: { readonly memory: string }; readonly limits: { readonly memory: string } };
}
interface Probe { readonly httpGet: { readonly path: string; readonly port: string } }
interface Volume extends Named { readonly secret?: { readonly secretName: string }; readonly persistentVolumeClaim?: { readonly claimName: string } }
interface Pod {
  readonly terminationGracePeriodSeconds: number; readonly enableServiceLinks: boolean; readonly automountServiceAccountToken: boolean; readonly serviceAccountName: string;
  readonly securityContext: object; readonly containers: readonly Container[]; readonly volumes: readonly Volume[];
}
interface Selector { readonly matchLabels: Readonly<Record<string, string>> }
interface Deployment extends Manifest {
  readonly spec: { readonly replicas: number; readonly strategy?: { readonly type?: string }; readonly selector: Selector; readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> }; readonly spec: Pod } };
}
interface Settings extends Manifest { readonly data: Readonly<Record<string, string>> }
interface Service extends Manifest { readonly spec: { readonly selector: Readonly<Record<string, string>>; readonly ports: readonly { readonly targetPort: string }[] } }
interface Budget extends Manifest { readonly spec: { readonly selector: Selector } }
interface Policy extends Manifest { readonly spec: { readonly podSelector: Selector; readonly ingress?: readonly { readonly ports: readonly { readonly port: string | number }[] }[] } }

/** What a cluster gets. Names with a hash at their end have lost it. */
class Applied {
  readonly all: readonly Manifest[];

  constructor(all: readonly Manifest[]) {
    this.all = all;
  }

  of<T extends Manifest>(kind: string): T[] {
    return this.all.filter((each) => each.kind === kind) as T[];
  }

  service(component: string): { deployment: Deployment; pod: Pod; container: Container; env: Record<string, string> } {
    const deployment = this.of<Deployment>("Deployment").find(({ metadata }) => metadata.name === `safebase-${component}`)!;
    const pod = deployment.spec.template.spec;
    const [container] = pod.containers;
    const own = Object.fromEntries((container!.env ?? []).map(({ name, value }) => [name, value]));
    return { deployment, pod, container: container!, env: { ...this.of<Settings>("ConfigMap")[0]?.data, ...own } };
  }
}

/** Each secret of the guide: the names of its files, and which files of `deploy/init.ts` they are. */
const SECRETS: Record<string, Record<string, string>> = Object.fromEntries(
  [...GUIDE.matchAll(/create secret generic (\S+)((?: --from-file=\S+)+)$/gm)].map(([, name, files]) => (
    [name, Object.fromEntries([...files!.matchAll(/--from-file=(\S+?)=\$S\/(\S+)/g)].map(([, key, file]) => [key, file]))]
  )),
);

/** The folder that the guide's command makes, and what a service is given of it, by the names under which it gets it. */
let installation: Awaited<ReturnType<typeof tempDir>>;
beforeAll(async () => {
  installation = await tempDir("installation");
  const [, script = "", options = ""] = /^```sh init\nnode (\S+) secrets (.*)\n```$/m.exec(GUIDE) ?? [];
  execFileSync(process.execPath, [join(ROOT, script), join(installation.path, "secrets"), ...options.split(" ")]);
});
afterAll(() => installation[Symbol.asyncDispose]());
const given = (service: string): Record<string, string> => (
  Object.fromEntries(Object.entries(SECRETS[`safebase-${service}`] ?? {}).map(([key, file]) => [key, readFileSync(join(installation.path, "secrets", file), "utf8").trim()]))
);

describe("what stands in the folder", () => {
  it.each(["base", "components/ingress"])("%s is valid by Kubernetes' own schema", async (folder) => {
    const documents = documentsIn(join(KUBERNETES_DIR, folder));
    expect(documents.length).toBeGreaterThan(0);
    for (const document of documents) expect(await problemsOf(document), `${document.kind} ${document.metadata.name}`).toEqual([]);
  });

  it("would not be, with a field that Kubernetes does not know or a value that it does not take", async () => {
    const [, wrong] = documentsIn(join(KUBERNETES_DIR, "base")).filter(({ kind }) => kind === "Deployment").map((each) => structuredClone(each) as unknown as { spec: { replicas: unknown; template: { spec: Record<string, unknown> } } } & Manifest);
    wrong!.spec.replicas = "two";
    wrong!.spec.template.spec["terminationGracePeriod"] = 30;
    expect(await problemsOf(wrong!)).toEqual(['/spec/replicas: type {"type":"integer"}', "/spec/template/spec/terminationGracePeriod: unknown field"]);
  });
});

const OVERLAYS = ["single", "ha"] as const;
if (WHY_NOT !== undefined) console.warn(`the overlays of deploy/kubernetes are not built: ${WHY_NOT}`);

describe.skipIf(WHY_NOT !== undefined).each(OVERLAYS)("the overlay %s", (overlay) => {
  const applied = new Applied(WHY_NOT === undefined ? build(join(KUBERNETES_DIR, "overlays", overlay)) : []);

  it("is valid, all of it in one namespace", async () => {
    for (const document of applied.all) {
      const what = `${document.kind} ${document.metadata.name}`;
      expect(await problemsOf(document), what).toEqual([]);
      if (document.kind !== "Namespace") expect(document.metadata.namespace, what).toBe("safebase");
      expect(document.metadata.labels?.["app.kubernetes.io/part-of"], what).toBe("safebase");
    }
    expect(new Set(applied.all.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(applied.all.length);
  });

  it("has the four services, from our images of this version", () => {
    expect(applied.of("Deployment").map(({ metadata }) => metadata.name)).toEqual(SERVICES.map((name) => `safebase-${name}`));
    for (const name of SERVICES) expect(applied.service(name).container.image).toBe(`safebase-${name}:${VERSION}`);
  });

  it.each(SERVICES)("%s is given settings that it knows, and every file that they name", async (name) => {
    const { env, pod, container } = applied.service(name);
    await using dir = await tempDir("secrets");
    const files = given(name);
    expect(pod.volumes.find((volume) => volume.name === "secrets")?.secret?.secretName).toBe(`safebase-${name}`);
    expect(container.volumeMounts).toContainEqual({ name: "secrets", mountPath: "/run/safebase", readOnly: true });
    for (const [key, text] of Object.entries(files)) writeFileSync(join(dir.path, key), text);
    const moved = Object.fromEntries(Object.entries(env).map(([setting, value]) => [setting, value.replace("/run/safebase", dir.path)]));
    const config = loadConfig(moved);
    expect(config).toMatchObject({ host: "0.0.0.0", data_dir: "/data", metrics_port: 9464, nats_url: "tls://nats:4222", nats_creds: files["nats.creds"], nats_ca: files["ca.crt"] });
    expect([config.master_key, config.group_key, config.nats_signing_key]).toEqual([files["master.key"], files["group.key"], files["signing.key"]]);
    expect(Object.keys(files).toSorted()).toEqual(["nats.creds", "ca.crt", ...OWN[name]!].toSorted());
    // What a container does not use, it does not have. A single gateway keeps its catalog in a file.
    const used = Object.values(env).flatMap((value) => (value.startsWith("/run/safebase/") ? [value.slice("/run/safebase/".length)] : []));
    expect(used.toSorted()).toEqual(Object.keys(files).filter((key) => overlay === "ha" || key !== "catalog.url").toSorted());
    if (name === "gateway") expect(config.catalog_url).toBe(overlay === "ha" ? files["catalog.url"] : "sqlite:/data/catalog.db");
  });

  it.each(SERVICES)("%s runs with as few rights as it needs", (name) => {
    const { pod, container } = applied.service(name);
    expect(pod).toMatchObject({
      serviceAccountName: "safebase", automountServiceAccountToken: false, enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: "RuntimeDefault" } },
    });
    expect(container.securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } });
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(expect.arrayContaining(["/data", "/tmp"]));
    expect(container.volumeMounts.map((mount) => mount.name).toSorted()).toEqual(pod.volumes.map((volume) => volume.name).toSorted());
    expect(applied.of("ServiceAccount")).toMatchObject([{ metadata: { name: "safebase" }, automountServiceAccountToken: false }]);
  });

  it.each(SERVICES)("%s is asked on its metrics port, and has time to end", (name) => {
    const { pod, container, env } = applied.service(name);
    const { drain_s, metrics_port, port } = loadConfig(Object.fromEntries(Object.entries(env).filter(([setting]) => !setting.endsWith("_FILE"))));
    const ports = Object.fromEntries(container.ports.map((each) => [each.name, each.containerPort]));
    expect(ports).toEqual(name === "gateway" ? { http: port, metrics: metrics_port } : { metrics: metrics_port });
    for (const probe of [container.startupProbe, container.livenessProbe]) expect(probe.httpGet).toEqual({ path: "/healthz", port: "metrics" });
    expect(container.readinessProbe.httpGet).toEqual({ path: "/readyz", port: "metrics" });
    expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(name === "executor" ? drain_s + 30 : 30);
  });

  it("selects what is there: services, budgets and policies meet pods, volumes claims", () => {
    const pods = applied.of<Deployment>("Deployment").map(({ spec }) => spec.template.metadata.labels);
    const meet = (labels: Readonly<Record<string, string>>): number => pods.filter((pod) => Object.entries(labels).every(([key, value]) => pod[key] === value)).length;
    for (const { spec } of applied.of<Deployment>("Deployment")) expect(meet(spec.selector.matchLabels)).toBe(1);
    for (const { spec } of applied.of<Budget>("PodDisruptionBudget")) expect(meet(spec.selector.matchLabels)).toBe(1);
    const names = new Set(SERVICES.flatMap((name) => applied.service(name).container.ports.map((port) => port.name)));
    for (const { spec } of applied.of<Policy>("NetworkPolicy")) {
      expect(meet(spec.podSelector.matchLabels)).toBeGreaterThan(0);
      for (const { port } of (spec.ingress ?? []).flatMap(({ ports }) => ports)) expect(names).toContain(port);
    }
    expect(applied.of<Service>("Service").map(({ metadata, spec }) => [metadata.name, meet(spec.selector), spec.ports.map(({ targetPort }) => targetPort)])).toEqual([["safebase", 1, ["http"]], ["safebase-metrics", 4, ["metrics"]]]);
    const claims = applied.of("PersistentVolumeClaim").map(({ metadata }) => metadata.name);
    const used = SERVICES.flatMap((name) => applied.service(name).pod.volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []));
    expect([...new Set(used)].toSorted()).toEqual(claims.toSorted());
  });

  it("has as many of each as it says", () => {
    const replicas = applied.of<Deployment>("Deployment").map(({ spec }) => spec.replicas);
    expect(replicas).toEqual(overlay === "ha" ? [3, 2, 2, 2] : [1, 1, 1, 1]);
    expect(applied.of("PodDisruptionBudget")).toHaveLength(overlay === "ha" ? 4 : 0);
    expect(applied.service("gateway").deployment.spec.strategy?.type === "Recreate").toBe(overlay === "single"); // never two on one SQLite
    expect(applied.service("gateway").env["SAFEBASE_NATS_REPLICAS"]).toBe(overlay === "ha" ? "3" : undefined);
  });
});

describe("docs/kubernetes.md", () => {
  it("makes a secret for each service", () => {
    expect(Object.keys(SECRETS).toSorted()).toEqual(SERVICES.map((name) => `safebase-${name}`));
  });

  it("names files that are there", () => {
    for (const [, path] of GUIDE.matchAll(/`(deploy\/[\w./-]+|overlays\/\w+)`/g)) expect(existsSync(join(path!.startsWith("deploy/") ? ROOT : KUBERNETES_DIR, path!)), path).toBe(true);
  });
});

it("the variables that Kubernetes makes of our Services would stop a service: that is why its service links are off", () => {
  for (const links of [{ SAFEBASE_PORT: "tcp://10.0.0.1:80" }, { SAFEBASE_METRICS_SERVICE_HOST: "10.0.0.1" }]) expect(() => loadConfig(links)).toThrow(ConfigError);
});
