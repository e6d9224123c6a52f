/** What a dashboard's author says of a panel; the rest of Grafana's JSON follows from it. */
export interface Panel {
  readonly type: "stat" | "timeseries" | "table";
  readonly title: string;
  /** What it means, and what to do about it: shown at the panel's corner. */
  readonly description: string;
  /** Grafana's name of the unit, such as "s", "bytes", "percentunit". */
  readonly unit: string;
  readonly queries: readonly Query[];
  /** From this value on it is worth a look, and from that one bad. Of what must not be low, the second is the smaller. */
  readonly thresholds?: { readonly warn: number; readonly bad: number };
  /** Columns of a table in their order, by the query's letter, the label's name, or Value where there is one query only. */
  readonly columns?: readonly Column[];
  readonly width: number;
  readonly height: number;
}

export interface Query { readonly expr: string; readonly legend?: string }

export interface Column { readonly of: string; readonly title: string; readonly unit?: string; readonly texts?: Readonly<Record<string, Text>> }
export interface Text { readonly text: string; readonly color: string }

type Said = Omit<Panel, "type" | "width" | "height" | "queries"> & { readonly width?: number; readonly height?: number };

export function stat(said: Said & { readonly expr: string }): Panel {
  const { expr, ...rest } = said;
  return { width: 4, height: 4, ...rest, type: "stat", queries: [{ expr }] };
}

export function graph(said: Said & { readonly queries: readonly Query[] }): Panel {
  return { width: 12, height: 8, ...said, type: "timeseries" };
}

export function table(said: Said & { readonly queries: readonly Query[]; readonly columns: readonly Column[] }): Panel {
  return { width: 24, height: 9, ...said, type: "table" };
}

const LETTERS = "ABCDEFGHIJ";
const DATASOURCE = { type: "prometheus", uid: "${datasource}" };

/** A panel in Grafana's words, at its place. */
export function panelJson(panel: Panel, id: number, at: { x: number; y: number }): object {
  const instant = panel.type !== "timeseries";
  return {
    id, type: panel.type, title: panel.title, description: panel.description, datasource: DATASOURCE,
    gridPos: { h: panel.height, w: panel.width, ...at },
    targets: panel.queries.map(({ expr, legend }, index) => ({
      refId: LETTERS[index], datasource: DATASOURCE, expr, instant, range: !instant, format: panel.type === "table" ? "table" : "time_series",
      legendFormat: legend ?? "__auto",
    })),
    fieldConfig: { defaults: { unit: panel.unit, thresholds: thresholds(panel), ...looks(panel) }, overrides: overrides(panel) },
    options: options(panel), ...transformations(panel),
  };
}

function thresholds({ thresholds: limits }: Panel): object {
  if (limits === undefined) return { mode: "absolute", steps: [{ color: "green", value: null }] };
  const { warn, bad } = limits;
  const steps = bad > warn ? [["green", null], ["orange", warn], ["red", bad]] : bad < warn ? [["red", null], ["orange", bad], ["green", warn]] : [["green", null], ["red", bad]];
  return { mode: "absolute", steps: steps.map(([color, value]) => ({ color, value })) };
}

function looks({ type, thresholds: limits }: Panel): object {
  if (type !== "timeseries") return { color: { mode: "thresholds" }, noValue: type === "stat" ? "nothing known" : "–" };
  return {
    color: { mode: "palette-classic" },
    custom: { drawStyle: "line", lineWidth: 1, fillOpacity: 8, showPoints: "never", spanNulls: false, thresholdsStyle: { mode: limits === undefined ? "off" : "line" } },
  };
}

function options({ type }: Panel): object {
  if (type === "stat") return { reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false }, colorMode: "value", graphMode: "none", textMode: "value" };
  if (type === "table") return { showHeader: true, cellHeight: "sm" };
  return { legend: { displayMode: "list", placement: "bottom", showLegend: true }, tooltip: { mode: "multi", sort: "desc" } };
}

/** Of several queries for one table, each is a column of the row that its labels name. */
function transformations({ columns, queries }: Panel): object {
  if (columns === undefined) return {};
  const renameByName = Object.fromEntries(columns.map(({ of, title }) => [fieldOf(of), title]));
  const indexByName = Object.fromEntries(columns.map(({ of }, index) => [fieldOf(of), index]));
  const valueIsShown = queries.length > 1 || columns.some(({ of }) => of === "Value");
  const excludeByName = { Time: true, ...(valueIsShown ? {} : { Value: true }) };
  return { transformations: [{ id: "merge", options: {} }, { id: "organize", options: { indexByName, renameByName, excludeByName } }] };
}

function overrides({ columns = [] }: Panel): object[] {
  return columns.filter(({ unit, texts }) => unit !== undefined || texts !== undefined).map(({ title, unit, texts }) => ({
    matcher: { id: "byName", options: title },
    properties: [
      ...(unit === undefined ? [] : [{ id: "unit", value: unit }]),
      ...(texts === undefined ? [] : [{ id: "mappings", value: [{ type: "value", options: texts }] }, { id: "custom.cellOptions", value: { type: "color-text" } }]),
    ],
  }));
}

/** With one query Grafana calls its column Value, with several Value #A and so on; labels keep their names. */
function fieldOf(of: string): string {
  return /^[A-J]$/.test(of) ? `Value #${of}` : of;
}
