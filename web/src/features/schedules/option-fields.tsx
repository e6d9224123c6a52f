import { For, Show } from "solid-js";
import type { EngineType } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Choice, SelectField } from "../../ui/field.tsx";
import { Said } from "../../ui/said.tsx";
import { Switch } from "../../ui/switch.tsx";
import { durationWords } from "./duration.ts";
import type { Options } from "./options.ts";

interface Fields { value: Options; onChange: (change: Partial<Options>) => void; refused: (field: string) => string | undefined }

const EVERY = [1, 2, 3, 5, 7, 10, 14, 30];
const JITTERS_S = [60, 300, 900, 1_800, 3_600];
const JOBS = [1, 2, 4, 8];
const FORMATS = ["custom", "sql"] as const;
const COMPRESSIONS = ["zstd", "gzip", "zip", "none"] as const;

/** Those that are offered, and the one that is set, whatever it is. */
const withOwn = (offered: readonly number[], own: number): number[] => [...new Set([...offered, ...(own > 0 ? [own] : [])])].sort((a, b) => a - b);

/** How often a backup is proved, and where. `others`: databases on whose servers that may be. */
export function ProveFields(props: Fields & { others: readonly { id: number; name: string }[] }) {
  const words = () => t().schedules;
  const every = (n: number): string => (n === 1 ? words().everyOne : words().everyOf(n));
  return (
    <div class="stack">
      <div class="form-grid">
        <SelectField name="verify_every" label={words().verifyEvery} value={String(props.value.verify_every ?? "")} error={props.refused("verify_every")}
          options={[{ value: "", label: words().never }, ...withOwn(EVERY, props.value.verify_every ?? 0).map((n) => ({ value: String(n), label: every(n) }))]} onChange={(n) => props.onChange({ verify_every: n === "" ? null : Number(n) })} />
        <Show when={props.value.verify_every !== null}>
          <SelectField name="verify_database_id" label={words().verifyOn} value={String(props.value.verify_database_id ?? "")} error={props.refused("verify_database_id")}
            options={[{ value: "", label: words().ownServer }, ...props.others.map(({ id, name }) => ({ value: String(id), label: words().serverOf(name) }))]} onChange={(id) => props.onChange({ verify_database_id: id === "" ? null : Number(id) })} />
        </Show>
      </div>
      <p class="field-hint">{words().verifyHint}</p>
    </div>
  );
}

/** How a dump is taken, where it goes, and how exactly its time is kept. */
export function DumpFields(props: Fields & { type: EngineType | undefined }) {
  const words = () => t().schedules;
  const jitter = (s: number) => ({ value: String(s), label: s === 0 ? words().noJitter : durationWords(s) });
  return (
    <div class="form-grid">
      <Show when={props.type === "postgresql"}>
        <SelectField name="format" label={words().format} value={props.value.format ?? ""} error={props.refused("format")}
          options={[{ value: "", label: words().usual }, ...FORMATS.map((value) => ({ value, label: words().formats[value] }))]} onChange={(format) => props.onChange({ format: format === "" ? null : format })} />
      </Show>
      <SelectField name="compression" label={words().compression} value={props.value.compression ?? ""} error={props.refused("compression")}
        options={[{ value: "", label: words().usualCompression }, ...COMPRESSIONS.map((value) => ({ value, label: words().compressions[value] }))]} onChange={(compression) => props.onChange({ compression: compression === "" ? null : compression })} />
      <SelectField name="jitter_s" label={words().jitter} value={String(props.value.jitter_s)} error={props.refused("jitter_s")} options={[0, ...withOwn(JITTERS_S, props.value.jitter_s)].map(jitter)} onChange={(s) => props.onChange({ jitter_s: Number(s) })} />
      <Show when={props.type === "postgresql"}>
        <SelectField name="jobs" label={words().parts} value={String(props.value.jobs)} error={props.refused("jobs")}
          options={[{ value: "auto", label: words().auto }, ...withOwn(JOBS, Number(props.value.jobs)).map((n) => ({ value: String(n), label: f().number(n) }))]} onChange={(jobs) => props.onChange({ jobs: jobs === "auto" ? "auto" : Number(jobs) })} />
        <div class="form-whole"><Switch name="globals" label={words().globals} shown on={props.value.globals} onChange={(globals) => props.onChange({ globals })} /></div>
      </Show>
    </div>
  );
}

/** Where backups go: where the database says, or some of the storages that there are. */
export function StorageFields(props: { value: readonly string[] | null; usual: readonly string[]; usual_label?: string; all: readonly string[]; refused: string | undefined; onChange: (value: readonly string[] | null) => void }) {
  const words = () => t().schedules;
  const names = (): string[] => [...new Set([...props.all, ...props.value ?? []])];
  const toggle = (name: string): void => props.onChange(props.value?.includes(name) === true ? props.value.filter((each) => each !== name) : [...props.value ?? [], name]);
  return (
    <div class="stack storages-choice">
      <Show when={props.usual_label}><p class="strong small" aria-hidden="true">{words().storages}</p></Show>
      <Choice label={words().storages} value={props.value === null ? "usual" : "own"} onChange={(how) => props.onChange(how === "usual" ? null : [...props.usual])}
        options={[{ value: "usual", label: props.usual_label ?? words().asDatabase(f().list(props.usual)) }, { value: "own", label: words().ownStorages }]} />
      <Show when={props.value}>{(value) => (
        <fieldset class="checks">
          <legend class="hidden">{words().chosen}</legend>
          <For each={names()}>{(name) => <label><input type="checkbox" name="storages" checked={value().includes(name)} onChange={() => toggle(name)} /><span class="wrap">{name}</span></label>}</For>
        </fieldset>
      )}</Show>
      <Show when={props.refused}>{(text) => <p class="field-error"><Said text={text()} /></p>}</Show>
    </div>
  );
}
