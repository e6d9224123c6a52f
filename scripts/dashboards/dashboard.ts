import { panelJson, type Panel } from "./panels.ts";

export interface Dashboard {
  /** Part of its address: never changes. */
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}

export interface Variable { readonly name: string; readonly label: string; readonly query: string }

const COLUMNS = 24;

/** A dashboard as Grafana reads it from a file. */
export function dashboardJson(dashboard: Dashboard): object {
  return {
    uid: dashboard.uid, title: dashboard.title, description: dashboard.description, tags: ["safebase"], schemaVersion: 39, version: 1,
    editable: false, graphTooltip: 1, refresh: "30s", time: { from: "now-24h", to: "now" }, timezone: "browser",
    links: [{ type: "dashboards", tags: ["safebase"], title: "SafeBase", asDropdown: false, includeVars: false, keepTime: true }],
    templating: { list: [DATASOURCE, ...dashboard.variables.map(variableJson)] },
    panels: place(dashboard),
  };
}

const DATASOURCE = { name: "datasource", label: "Prometheus", type: "datasource", query: "prometheus", hide: 0, refresh: 1 };

function variableJson({ name, label, query }: Variable): object {
  return {
    name, label, type: "query", datasource: { type: "prometheus", uid: "${datasource}" }, query: { query, refId: name }, definition: query,
    refresh: 2, sort: 1, multi: true, includeAll: true, allValue: ".*", current: { selected: true, text: ["All"], value: ["$__all"] },
  };
}

/** From left to right, and below when a line is full. */
function place({ rows }: Dashboard): object[] {
  const placed: object[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    placed.push({ id: placed.length + 1, type: "row", title, collapsed: false, panels: [], gridPos: { h: 1, w: COLUMNS, x: 0, y } });
    y++;
    let [x, height] = [0, 0];
    for (const panel of panels) {
      if (x + panel.width > COLUMNS) [x, y, height] = [0, y + height, 0];
      placed.push(panelJson(panel, placed.length + 1, { x, y }));
      x += panel.width;
      height = Math.max(height, panel.height);
    }
    y += height;
  }
  return placed;
}
