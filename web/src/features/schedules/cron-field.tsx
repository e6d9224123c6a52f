import { createSignal, createUniqueId, For, Match, Show, Switch } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { SelectField, TextField } from "../../ui/field.tsx";
import { cronOf, HOURS, kindOf, KINDS, MINUTES, whenOf, whenOfKind, type Kind, type When } from "./cron.ts";
import { WEEK, ZONES } from "./days.ts";
import { NextRuns } from "./next-runs.tsx";
import { createPreview } from "./preview.ts";
import "./cron-field.css";

export interface CronValue { readonly cron: string; readonly time_zone: string }

/**
 * When something runs: chosen in words, or as an expression, in a time zone; with its next times as the gateway computes
 * them. `error`: what the API refused, which begins with the field that it is about.
 */
export function CronField(props: { value: CronValue; onChange: (value: CronValue) => void; error?: string | undefined }) {
  const [chosen, setChosen] = createSignal<Kind>();
  const zones = createUniqueId();
  const preview = createPreview(() => props.value);
  const when = (): When => whenOf(props.value.cron);
  const kind = (): Kind => {
    const [said, wanted] = [kindOf(when()), chosen()];
    return wanted === "custom" || (wanted === "weekdays" && said === "workdays") ? wanted : said;
  };
  const setCron = (cron: string): void => props.onChange({ ...props.value, cron });
  const choose = (wanted: Kind): void => { setChosen(wanted); setCron(cronOf(whenOfKind(wanted, when()))); };
  const refused = (field: "cron" | "timezone"): string | undefined => [props.error, preview.refusal()].find((error) => error?.startsWith("timezone") === (field === "timezone"));
  return (
    <fieldset class="cron">
      <legend class="hidden">{t().cron.legend}</legend>
      <div class="cron-grid">
        <SelectField name="kind" label={t().cron.how} value={kind()} options={KINDS.map((value) => ({ value, label: t().cron.kinds[value] }))} onChange={choose} />
        <Details when={when()} kind={kind()} onChange={(changed) => setCron(cronOf(changed))} />
      </div>
      <div class="cron-grid">
        <TextField name="cron" label={t().cron.expression} hint={t().cron.expressionHint} mono required value={props.value.cron} error={refused("cron")} onInput={setCron} />
        <TextField name="timezone" label={t().cron.zone} required list={zones} value={props.value.time_zone} error={refused("timezone")} onInput={(time_zone) => props.onChange({ ...props.value, time_zone })} />
        <datalist id={zones}><For each={ZONES}>{(zone) => <option value={zone} />}</For></datalist>
      </div>
      <NextRuns cron={props.value.cron} preview={preview} />
    </fieldset>
  );
}

/** What a kind of time leaves to be said. */
function Details(props: { when: When; kind: Kind; onChange: (when: When) => void }) {
  const of = <K extends When["kind"]>(kind: K) => (props.when.kind === kind ? props.when as Extract<When, { kind: K }> : undefined);
  const time = (times: readonly string[]): string => times[0] ?? "";
  return (
    <Switch>
      <Match when={props.kind === "minutes" && of("minutes")}>{(when) => (
        <SelectField name="every" label={t().cron.interval} value={String(when().every)} options={MINUTES.map((n) => ({ value: String(n), label: t().cron.minutes(n) }))} onChange={(every) => props.onChange({ kind: "minutes", every: Number(every) })} />
      )}</Match>
      <Match when={props.kind === "hours" && of("hours")}>{(when) => (
        <>
          <SelectField name="every" label={t().cron.interval} value={String(when().every)} options={HOURS.map((n) => ({ value: String(n), label: t().cron.hours(n) }))} onChange={(every) => props.onChange({ ...when(), every: Number(every) })} />
          <SelectField name="minute" label={t().cron.minute} value={String(when().minute)} options={MINUTES_OF_HOUR.map((value) => ({ value, label: value.padStart(2, "0") }))} onChange={(minute) => props.onChange({ ...when(), minute: Number(minute) })} />
        </>
      )}</Match>
      <Match when={props.kind === "days" && of("days")}>{(when) => <TimeField value={time(when().times)} onChange={(at) => props.onChange({ kind: "days", times: [at] })} />}</Match>
      <Match when={(props.kind === "weekdays" || props.kind === "workdays") && of("weekdays")}>{(when) => (
        <>
          <TimeField value={time(when().times)} onChange={(at) => props.onChange({ ...when(), times: [at] })} />
          <Show when={props.kind === "weekdays"}><DayChoice days={when().days} onChange={(days) => props.onChange({ ...when(), days })} /></Show>
        </>
      )}</Match>
      <Match when={props.kind === "months" && of("months")}>{(when) => (
        <>
          <TimeField value={time(when().times)} onChange={(at) => props.onChange({ ...when(), times: [at] })} />
          <MonthDay day={when().day} onChange={(day) => props.onChange({ ...when(), day })} />
        </>
      )}</Match>
    </Switch>
  );
}

const MINUTES_OF_HOUR = Array.from({ length: 60 }, (_, minute) => String(minute));
const DAYS_OF_MONTH = Array.from({ length: 31 }, (_, day) => String(day + 1));

/** What is emptied while it is typed is no time yet. */
function TimeField(props: { value: string; onChange: (time: string) => void }) {
  return <TextField name="time" type="time" label={t().cron.time} value={props.value} onInput={(time) => { if (/^\d\d:\d\d/.test(time)) props.onChange(time.slice(0, 5)); }} />;
}

function MonthDay(props: { day: number | "last"; onChange: (day: number | "last") => void }) {
  return (
    <div>
      <SelectField name="day" label={t().cron.day} value={String(props.day)} options={[...DAYS_OF_MONTH.map((value) => ({ value, label: value })), { value: "last", label: t().cron.last }]} onChange={(day) => props.onChange(day === "last" ? day : Number(day))} />
      <Show when={props.day !== "last" && props.day > 28 && props.day}>{(day) => <p class="field-hint">{t().cron.short(day())}</p>}</Show>
    </div>
  );
}

/** Days of the week, each on or off; the last one stays on, for none is no time at all. */
function DayChoice(props: { days: readonly number[]; onChange: (days: readonly number[]) => void }) {
  const toggle = (day: number): void => props.onChange(props.days.includes(day) ? props.days.filter((each) => each !== day) : [...props.days, day]);
  return (
    <fieldset class="cron-days">
      <legend>{t().cron.weekdays}</legend>
      <For each={WEEK}>{(day) => (
        <label>
          <input type="checkbox" checked={props.days.includes(day)} disabled={props.days.length === 1 && props.days.includes(day)} aria-label={f().weekday(day, "long")} onChange={() => toggle(day)} />
          <span aria-hidden="true">{f().weekday(day, "short")}</span>
        </label>
      )}</For>
    </fieldset>
  );
}
