import { For, Show } from "solid-js";
import { ApiError } from "../../api/client.ts";
import type { StorageTest } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Problem } from "../../ui/problem.tsx";

const STEPS = ["write", "read", "list", "delete"] as const;

const took = (ms: number): string => (ms < 1000 ? `${f().number(Math.round(ms))} ms` : f().duration(ms));

/** What a storage did with a small object, step by step, and why it did not do one. */
export function Tried(props: { result: StorageTest }) {
  const words = () => t().storages.test;
  const refusal = () => (props.result.ok ? undefined : new ApiError(props.result.code, props.result.error, props.result.hint));
  const done = (step: string) => props.result.steps.find((each) => each.step === step);
  return (
    <div class="tried" classList={{ "tried-good": props.result.ok }}>
      <Show when={props.result.ok}><p class="tested-title"><Icon name="check" size={18} />{words().ok}</p></Show>
      <Show when={refusal()}>{(error) => <Problem error={error()} />}</Show>
      <ol class="steps" aria-label={words().steps}>
        <For each={STEPS}>{(step) => (
          <li classList={{ "step-good": done(step)?.ok === true, "step-bad": done(step)?.ok === false }}>
            <Icon name={done(step) === undefined ? "more" : done(step)?.ok === true ? "check" : "cross"} size={14} />
            <span>{words().names[step]}</span>
            <span class="hidden">{done(step) === undefined ? words().notReached : done(step)?.ok === true ? words().fine : words().failed}</span>
            <Show when={done(step)}>{(each) => <span class="dim small">{took(each().elapsed_ms)}</span>}</Show>
          </li>
        )}</For>
      </ol>
      <For each={props.result.steps}>{(step) => <Show when={step.note}><p class="dim small wrap" lang="en">{step.note}</p></Show>}</For>
    </div>
  );
}
