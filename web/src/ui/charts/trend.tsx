import { createMemo, createSignal, For, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { nearest, place, ticksOf, type Point } from "./scale.ts";
import "./trend.css";

interface Props { points: readonly Point[]; label: string; format: (value: number) => string; height?: number; small?: boolean }

/**
 * A series over time, from 0 up: a line on an area, with what each point says under the pointer, and in words and a
 * table for who does not see it. `small`: only the line, for a row of a table.
 */
export function Trend(props: Props) {
  const ticks = createMemo(() => ticksOf(Math.max(0, ...props.points.map(({ value }) => value))));
  const placed = createMemo(() => place(props.points, props.small === true ? 1.08 * Math.max(1e-9, ...props.points.map(({ value }) => value)) : ticks().at(-1) ?? 1));
  return (
    <Show when={props.small !== true} fallback={<Line placed={placed()} label={summary(props)} height={props.height ?? 26} small />}>
      <figure class="trend">
        <Plot {...props} placed={placed()} ticks={ticks()} />
        <PointTable {...props} />
      </figure>
    </Show>
  );
}

type Placed = ReturnType<typeof place>;

function Plot(props: Props & { placed: Placed; ticks: readonly number[] }) {
  const [pointed, setPointed] = createSignal<number>();
  const point = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    setPointed(props.placed.length === 0 ? undefined : nearest(props.placed, (event.clientX - left) / width));
  };
  const top = (): number => props.ticks.at(-1) ?? 1;
  return (
    <div class="trend-chart">
      <div class="trend-values" aria-hidden="true">
        <For each={props.ticks}>{(tick) => <span class="trend-widest">{props.format(tick)}</span>}</For>
        <For each={props.ticks}>{(tick) => <span class="trend-value" style={{ top: `${100 * (1 - tick / top())}%` }}>{props.format(tick)}</span>}</For>
      </div>
      <div class="trend-plot" onPointerMove={point} onPointerDown={point} onPointerLeave={() => setPointed(undefined)}>
        <For each={props.ticks}>{(tick) => <span class="trend-rule" style={{ top: `${100 * (1 - tick / top())}%` }} />}</For>
        <Line placed={props.placed} label={summary(props)} height={props.height ?? 140} />
        <Show when={pointed() !== undefined && props.points[pointed()!]}>{(of) => <Pointed at={props.placed[pointed()!]!} day={f().day(of().at)} value={props.format(of().value)} />}</Show>
      </div>
      <div class="trend-days" aria-hidden="true"><For each={ends(props.points)}>{(at) => <span>{f().day(at)}</span>}</For></div>
    </div>
  );
}

/** The point under the pointer, and what it says beside it, on the side where there is room. */
function Pointed(props: { at: Placed[number]; day: string; value: string }) {
  const left = (): string => `${100 * props.at.x}%`;
  return (
    <>
      <span class="trend-cross" style={{ left: left() }} />
      <span class="trend-dot" style={{ left: left(), top: `${100 * props.at.y}%` }} />
      <span class="trend-tip" classList={{ "trend-tip-left": props.at.x > 0.5 }} style={{ left: left() }}><strong>{props.value}</strong> {props.day}</span>
    </>
  );
}

function Line(props: { placed: Placed; label: string; height: number; small?: boolean }) {
  const line = (): string => pathOf(props.placed);
  const area = (): string => `${line()}V100H${100 * (props.placed[0]?.x ?? 0)}Z`;
  return (
    <svg class="trend-line" classList={{ "trend-small": props.small ?? false }} role="img" aria-label={props.label} height={props.height} viewBox="0 0 100 100" preserveAspectRatio="none">
      <Show when={props.placed.length > 0}>
        <path class="trend-area" d={area()} />
        <path class="trend-stroke" d={line()} vector-effect="non-scaling-stroke" />
      </Show>
    </svg>
  );
}

/** One point alone is a dash, or there would be nothing to see. */
function pathOf(placed: Placed): string {
  const at = placed.map(({ x, y }) => `${round(100 * x)} ${round(100 * y)}`);
  return placed.length === 1 ? `M0 ${round(100 * placed[0]!.y)}H100` : `M${at.join("L")}`;
}

const round = (value: number): number => Math.round(value * 100) / 100;

function PointTable(props: Props) {
  return (
    <div class="hidden">
      <table>
        <caption>{props.label}</caption>
        <tbody><For each={props.points}>{({ at, value }) => <tr><th scope="row">{f().day(at)}</th><td>{props.format(value)}</td></tr>}</For></tbody>
      </table>
    </div>
  );
}

/** The first, the middle and the last time that is shown. */
function ends(points: readonly Point[]): string[] {
  const [first, last] = [points[0]?.at, points.at(-1)?.at];
  if (first === undefined || last === undefined) return [];
  if (first === last) return [first];
  return [first, new Date((Date.parse(first) + Date.parse(last)) / 2).toISOString(), last];
}

function summary({ label, points, format }: Props): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return t().charts.none(label);
  const highest = points.reduce((best, each) => (each.value > best.value ? each : best), first);
  return t().charts.trend(label, `${format(first.value)} (${f().day(first.at)})`, `${format(last.value)} (${f().day(last.at)})`, `${format(highest.value)} (${f().day(highest.at)})`);
}
