import { For, Show } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { Icon } from "../../ui/icon.tsx";
import { Said } from "../../ui/said.tsx";
import type { Plan } from "./types.ts";

/** What stands against a restore as things are. */
export function Obstacles(props: { obstacles: Plan["obstacles"] }) {
  return (
    <div role="status" class="stack" classList={{ hidden: props.obstacles.length === 0 }}>
      <For each={props.obstacles}>{(obstacle) => (
        <div class="problem"><Icon name="alert" size={18} /><div class="problem-text">
          <p class="problem-title">{t().errors.codes[obstacle.code]}.</p>
          <p class="wrap"><Said text={obstacle.message} /><Show when={obstacle.hint}>{(hint) => <span class="dim"> (<Said text={hint()} />)</span>}</Show></p>
        </div></div>
      )}</For>
    </div>
  );
}
