import { Counter, Gauge } from "prom-client";
import { describe, expect, it } from "vitest";
import { loadConfig } from "./config.ts";
import { createMetrics, createServiceMetrics } from "./metrics.ts";
import { requireMetricsAccess } from "./metrics-access.ts";

describe("registries of one process", () => {
  it("are one page: each series names its service, each metric is described once", async () => {
    const one = createServiceMetrics("one");
    const both = createServiceMetrics("two", [one]);
    for (const [registry, count] of [[one, 1], [both, 2]] as const) {
      new Counter({ name: "shared_total", help: "Both have it\nand say so", registers: [registry] }).inc(count);
    }
    new Gauge({ name: "own", help: "One has it", labelNames: ["name"], registers: [one] }).set({ name: 'a "b"\n\n# HELP c' }, 3);
    expect((await both.metrics()).split("\n\n").map((block) => block.trim())).toEqual([
      '# HELP shared_total Both have it\\nand say so\n# TYPE shared_total counter\nshared_total{service="two"} 2\nshared_total{service="one"} 1',
      '# HELP own One has it\n# TYPE own gauge\nown{name="a \\"b\\"\\n\\n# HELP c",service="one"} 3',
    ]);
  });

  it("tell of Node, once for the process", async () => {
    const page = await createServiceMetrics("gateway", [createMetrics("standalone"), createServiceMetrics("executor")]).metrics();
    expect(page).toMatch(/^nodejs_eventloop_lag_p99_seconds\{service="standalone"\} \d/m);
    expect(page.match(/^process_cpu_seconds_total\{/gm)).toHaveLength(1);
  });
});

describe("who may read /metrics", () => {
  const TOKEN = "a-token-of-sixteen-letters";
  const refusal = (env: Record<string, string>, port: "gateway" | "metrics", header?: string): string | undefined => {
    try {
      requireMetricsAccess(loadConfig(env), port, header);
      return undefined;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it("whoever is on this machine, where others cannot come", () => {
    for (const host of ["127.0.0.1", "localhost", "::1", "127.8.0.1"]) expect(refusal({ SAFEBASE_HOST: host }, "gateway")).toBeUndefined();
    expect(refusal({ SAFEBASE_PUBLIC_URL: "http://localhost:3000" }, "gateway")).toBeUndefined();
    expect(refusal({ SAFEBASE_HOST: "0.0.0.0" }, "metrics")).toBeUndefined();
  });

  it("nobody on a gateway that others reach, by its address or through a proxy", () => {
    for (const host of ["0.0.0.0", "::", "192.0.2.1", "127.example.org"]) expect(refusal({ SAFEBASE_HOST: host }, "gateway")).toBe("forbidden");
    expect(refusal({ SAFEBASE_PUBLIC_URL: "https://safebase.example.org" }, "gateway")).toBe("forbidden");
    expect(refusal({ SAFEBASE_TRUST_PROXY: "on" }, "gateway")).toBe("forbidden");
  });

  it("whoever has the token, once there is one, everywhere", () => {
    for (const port of ["gateway", "metrics"] as const) {
      for (const host of ["127.0.0.1", "0.0.0.0"]) {
        const env = { SAFEBASE_HOST: host, SAFEBASE_METRICS_TOKEN: TOKEN };
        expect(refusal(env, port, `Bearer ${TOKEN}`)).toBeUndefined();
        for (const header of [undefined, TOKEN, `Bearer ${TOKEN}x`, "Bearer", `Basic ${TOKEN}`]) expect(refusal(env, port, header), header).toBe("unauthorized");
      }
    }
    expect(() => loadConfig({ SAFEBASE_METRICS_TOKEN: "short" })).toThrow("SAFEBASE_METRICS_TOKEN: must be at least 16 characters");
  });
});
