import { createMemo, createSignal, For, Index, onMount, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { monthsOf, nextWith, outcomeOf, weekdayOf, type DayOutcome } from "./year.ts";
import "./heatmap.css";

const STEPS: Record<string, number> = { ArrowLeft: -7, ArrowRight: 7, ArrowUp: -1, ArrowDown: 1 };
const OUTCOMES = ["none", "good", "some", "failed"] as const;
/** The named days of the week, counted from Monday. */
const NAMED = [0, 2, 4];

/** A year of days, the weeks as columns: how the backups of each ended, and a way to them. One stop of the keyboard, whose arrows go on. */
export function Heatmap<D extends DayOutcome>(props: { days: readonly D[]; label: string; href: (day: D) => string }) {
  const [current, setCurrent] = createSignal<number>();
  let grid: HTMLDivElement | undefined;
  let scroller: HTMLDivElement | undefined;
  const last = createMemo(() => props.days.findLastIndex((day) => outcomeOf(day) !== "none"));
  const stop = (): number => current() ?? last();
  const summary = createMemo(() => {
    const sum = (pick: (day: D) => number): string => f().number(props.days.reduce((all, day) => all + pick(day), 0));
    return t().charts.year(sum(({ completed }) => completed), sum(({ failed }) => failed), props.days.filter((day) => outcomeOf(day) !== "none").length);
  });
  const go = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const exact = nextWith(props.days, stop(), step);
    const next = exact === stop() ? nextWith(props.days, stop(), Math.sign(step)) : exact;
    setCurrent(next);
    (grid?.children[next] as HTMLElement | undefined)?.focus();
  };
  onMount(() => { if (scroller !== undefined) scroller.scrollLeft = scroller.scrollWidth; }); // where today is
  const pointed = (): D | undefined => (current() === undefined ? undefined : props.days[current()!]);
  return (
    <figure class="heatmap">
      <div class="heatmap-scroll" ref={(element) => { scroller = element; }}>
        <div class="heatmap-weekdays small dim" aria-hidden="true"><For each={NAMED}>{(day) => <span style={{ "grid-row": String(day + 1) }}>{f().weekday((day + 1) % 7, "short")}</span>}</For></div>
        <div class="heatmap-months small dim" aria-hidden="true"><For each={monthsOf(props.days)}>{({ date, column }) => <span style={{ "grid-column": String(column + 1) }}>{f().month(date)}</span>}</For></div>
        <div class="heatmap-days" role="group" aria-label={`${props.label}: ${summary()} ${t().charts.keys}`} ref={(element) => { grid = element; }} onKeyDown={go} onPointerLeave={() => setCurrent(undefined)}>
          <Index each={props.days}>{(day, index) => (
            <Show when={outcomeOf(day()) !== "none"} fallback={<span class="heat heat-none" style={rowOf(day(), index)} />}>
              <a class={`heat heat-${outcomeOf(day())}`} style={rowOf(day(), index)} href={props.href(day())} tabindex={index === stop() ? 0 : -1} aria-label={words(day())}
                onPointerEnter={() => setCurrent(index)} onFocus={() => setCurrent(index)} />
            </Show>
          )}</Index>
        </div>
      </div>
      <figcaption class="heatmap-foot small dim">
        <span>{pointed() === undefined ? summary() : words(pointed()!)}</span>
        <span class="heatmap-legend"><For each={OUTCOMES}>{(outcome) => <span class="row"><span class={`heat heat-${outcome}`} />{t().charts.outcomes[outcome]}</span>}</For></span>
      </figcaption>
    </figure>
  );
}

/** Days follow each other down the columns; the first one begins the count. */
function rowOf({ date }: DayOutcome, index: number): { "grid-row-start"?: string } {
  return index === 0 ? { "grid-row-start": String(weekdayOf(date) + 1) } : {};
}

function words({ date, completed, failed }: DayOutcome): string {
  return t().charts.dayOf(f().date(date), completed, failed);
}
