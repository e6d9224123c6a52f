import { For } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { Icon } from "../../ui/icon.tsx";
import { stagesOf } from "./stages-of.ts";
import type { Restore } from "./types.ts";

/** The steps of a restore, and at which it is. */
export function Stages(props: { restore: Restore }) {
  return (
    <ol class="stages" aria-label={t().restores.stages.all}>
      <For each={stagesOf(props.restore)}>{({ name, state }) => (
        <li class={`stage stage-${state}`} aria-current={state === "now" ? "step" : undefined}>
          <span class="stage-dot">{state === "done" ? <Icon name="check" size={14} /> : state === "failed" ? <Icon name="cross" size={14} /> : null}</span>
          <span>{t().restores.stages[name]}</span>
          <span class="hidden">{t().restores.stageStates[state]}</span>
        </li>
      )}</For>
    </ol>
  );
}
