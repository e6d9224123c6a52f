import { For, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { Icon } from "../../ui/icon.tsx";
import { STEPS, type Done, type Step } from "./steps.ts";

/** How far one is, and the way back to any step. */
export function Stepper(props: { shown: Step | "end"; done: Done; onStep: (step: Step) => void }) {
  const words = () => t().start;
  return (
    <nav aria-label={words().progress}>
      <ol class="stepper">
        <For each={STEPS}>{(step, index) => (
          <li classList={{ "stepper-done": props.done[step], "stepper-here": props.shown === step }}>
            <button type="button" disabled={step !== "database" && !props.done.database} aria-current={props.shown === step ? "step" : undefined} onClick={() => props.onStep(step)}>
              <span class="stepper-mark"><Show when={props.done[step]} fallback={index() + 1}><Icon name="check" size={15} /></Show></span>
              <span class="stepper-name">{words().steps[step].name}</span>
              <Show when={props.done[step]}><span class="hidden">{words().done}</span></Show>
            </button>
          </li>
        )}</For>
      </ol>
    </nav>
  );
}
