import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { NOTICE_KINDS, NOTICE_SEVERITY } from "@safebase/contracts";
import { promtool } from "@safebase/testing";
import { describe, expect, it } from "vitest";
import { DASHBOARDS_DIR, DASHBOARD_FILES } from "./dashboards.ts";

const PROMETHEUS_DIR = resolve(import.meta.dirname, "../deploy/prometheus");
const OPERATIONS = readFileSync(resolve(import.meta.dirname, "../docs/operations.md"), "utf8");

const filesIn = (folder: string): string[] => readdirSync(join(PROMETHEUS_DIR, folder)).map((name) => join(PROMETHEUS_DIR, folder, name));
const textOf = (paths: readonly string[]): string => paths.map((path) => readFileSync(path, "utf8")).join("\n");

interface Alert { readonly name: string; readonly text: string }
const ALERTS: readonly Alert[] = textOf(filesIn("rules")).split(/^ {6}- alert: /m).slice(1).map((text) => ({ name: text.split("\n")[0]!, text }));

/** The anchors of a page's headings, as GitHub makes them. */
const ANCHORS = new Set([...OPERATIONS.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading!.toLowerCase().replaceAll(/[^\w\- ]/g, "").replaceAll(" ", "-")));

describe("Prometheus' own checker", () => {
  it("accepts the configurations, and the rules that they load", () => {
    for (const name of ["prometheus.yml", "prometheus.services.yml", "prometheus.kubernetes.yml"]) expect(promtool("check", "config", join(PROMETHEUS_DIR, name))).toContain(`SUCCESS: ${filesIn("rules").length} rule files found`);
    promtool("check", "rules", ...filesIn("rules"));
  });

  it("finds that each alert fires when it should, and is quiet when it should not", { timeout: 60_000 }, () => {
    promtool("test", "rules", ...filesIn("tests"));
    const tests = textOf(filesIn("tests"));
    for (const { name } of ALERTS) {
      expect(tests, `${name} is seen firing`).toMatch(new RegExp(`- alertname: ${name}\\n.*\\n +exp_alerts:\\n +- exp_labels`));
      expect(tests, `${name} is seen quiet`).toContain(`{alertname: ${name}, eval_time: `);
    }
  });
});

describe("every alert", () => {
  it("says what is wrong, how bad it is, and where the runbook is", () => {
    expect(ALERTS.length).toBeGreaterThan(20);
    for (const { name, text } of ALERTS) {
      expect(text, name).toMatch(/labels: \{severity: (warning|critical)\}/);
      expect(text, name).toMatch(/summary: '.{10,}'\n +description: '.{40,}'\n/);
      const anchor = /runbook_url: docs\/operations\.md#(\S+)/.exec(text)?.[1];
      expect(anchor, name).toBe(name.toLowerCase());
      expect(ANCHORS, name).toContain(anchor);
    }
  });
});

describe("docs/operations.md", () => {
  it("has a line for each critical notice, and leads nowhere in vain", () => {
    for (const kind of NOTICE_KINDS.filter((each) => NOTICE_SEVERITY[each] === "critical")) expect(OPERATIONS, kind).toMatch(new RegExp(`^\\| \`${kind}\` \\| \\[`, "m"));
    for (const [, anchor] of OPERATIONS.matchAll(/\]\(#([^)]+)\)/g)) expect(ANCHORS).toContain(anchor);
    for (const [, page] of OPERATIONS.matchAll(/\]\(([a-z-]+\.md)/g)) expect(existsSync(resolve(import.meta.dirname, "../docs", page!)), page).toBe(true);
  });
});

interface Target { refId: string; expr: string; datasource: { uid: string } }
interface Panel {
  id: number; type: string; title: string; description?: string; targets?: Target[]; gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string }; fieldConfig?: { defaults: { unit: string } };
}
interface Dashboard { uid: string; title: string; panels: Panel[]; templating: { list: { name: string; type: string; query: unknown }[] }; links: object[] }

// Grafana itself is no package of Debian: what can be told without it is told here, and the queries run in test/e2e/monitoring.test.ts.
describe.each(Object.keys(DASHBOARD_FILES))("the dashboard %s", (file) => {
  const text = readFileSync(join(DASHBOARDS_DIR, file), "utf8");
  const dashboard = JSON.parse(text) as Dashboard;
  const panels = dashboard.panels.filter(({ type }) => type !== "row");

  it("is what scripts/dashboards.ts writes", () => {
    expect(text).toBe(DASHBOARD_FILES[file]);
    expect(readdirSync(DASHBOARDS_DIR)).toHaveLength(Object.keys(DASHBOARD_FILES).length);
  });

  it("has panels that explain themselves, each at a place of its own", () => {
    expect(dashboard.uid).toBe(`safebase-${file.replace(".json", "")}`);
    expect(dashboard.links).toHaveLength(1);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { title, description, fieldConfig, gridPos: { x, y, w, h } } of panels) {
      expect(title.length, title).toBeGreaterThan(3);
      expect(description?.length, title).toBeGreaterThan(20);
      expect(fieldConfig?.defaults.unit, title).toMatch(/^(none|s|bytes|Bps|percentunit|reqps)$/);
      expect(x + w, title).toBeLessThanOrEqual(24);
      for (let column = x; column < x + w; column++) for (let row = y; row < y + h; row++) {
        expect(taken, title).not.toContain(`${column},${row}`);
        taken.add(`${column},${row}`);
      }
    }
  });

  it("asks whichever Prometheus is chosen, and knows its variables", () => {
    const names = new Set(dashboard.templating.list.map(({ name }) => name));
    expect(dashboard.templating.list[0]).toMatchObject({ name: "datasource", type: "datasource", query: "prometheus" });
    for (const { title, datasource, targets = [] } of panels) {
      expect(datasource?.uid, title).toBe("${datasource}");
      expect(targets.length, title).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size, title).toBe(targets.length);
      for (const { expr, datasource: asked } of targets) {
        expect(asked.uid, title).toBe("${datasource}");
        for (const [, used] of expr.matchAll(/\$(\w+)/g)) expect(used === "__rate_interval" || names.has(used!), `${title}: $${used}`).toBe(true);
      }
    }
  });
});
