import type { RetentionPolicy } from "@safebase/contracts";
import { createSignal, For, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { SelectField, TextField } from "../../ui/field.tsx";
import { PRESETS, presetOf, RULES, withRule, type Preset, type Rule } from "./policy.ts";
import { retentionWords } from "./words.ts";
import "./retention.css";

/**
 * How long backups are kept: one of the usual policies, or rules of one's own. `inherits`: null is offered, and means
 * what the database says. `error`: what the API refused, which names the rule.
 */
export function RetentionField(props: { value: RetentionPolicy | null; onChange: (value: RetentionPolicy | null) => void; error?: string | undefined; inherits?: boolean }) {
  const inherits = (): boolean => props.inherits ?? false;
  const [custom, setCustom] = createSignal(false);
  const preset = (): Preset => (custom() ? "custom" : presetOf(props.value, inherits()));
  const choose = (wanted: Preset): void => {
    setCustom(wanted === "custom");
    if (wanted !== "custom") props.onChange(wanted === "inherit" ? null : PRESETS[wanted]);
  };
  const offered = (): Preset[] => [...(inherits() ? ["inherit" as const] : []), ...Object.keys(PRESETS) as Preset[], "custom"];
  const refused = (rule: Rule): string | undefined => (props.error !== undefined && new RegExp(`^\\w+\\.${rule}\\b`).test(props.error) ? props.error : undefined);
  return (
    <fieldset class="retention">
      <legend class="hidden">{t().retention.legend}</legend>
      <SelectField name="retention" label={t().retention.preset} value={preset()} options={offered().map((value) => ({ value, label: t().retention.presets[value] }))} onChange={choose} error={RULES.some((rule) => refused(rule) !== undefined) ? undefined : props.error} />
      <Show when={preset() === "custom"}>
        <p class="field-hint">{t().retention.customHint}</p>
        <div class="retention-rules">
          <For each={RULES}>{(rule) => (
            <TextField name={rule} type="number" inputmode="numeric" label={t().retention.fields[rule]} hint={t().retention.hints[rule]} value={String(props.value?.[rule] ?? "")} error={refused(rule)}
              onInput={(typed) => { setCustom(true); props.onChange(withRule(props.value, rule, typed)); }} />
          )}</For>
        </div>
      </Show>
      <p class="field-hint" role="status">{retentionWords(props.value, inherits())}</p>
    </fieldset>
  );
}
