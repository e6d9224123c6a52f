import { Show } from "solid-js";
import type { Storage } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge } from "../../ui/badge.tsx";
import { Ago } from "../../ui/time.tsx";
import { TONES, worstOf } from "./state.ts";

/** Whether it is reached, and since when it is not. */
export function StandBadge(props: { status: Storage["status"] }) {
  const worst = () => worstOf(props.status);
  return (
    <span class="stand">
      <Badge tone={TONES[worst().stand]}>{t().storages.stands[worst().stand]}</Badge>
      <Show when={worst().stand === "down" && worst().look?.since}>{(since) => <span class="dim small"><Ago at={since()} /></span>}</Show>
    </span>
  );
}

/** How full the disk below it is, and what of it is left; what it holds where it has no end. */
export function Space(props: { status: Storage["status"]; label: string }) {
  const look = () => worstOf(props.status).look;
  return (
    <Show when={look()} fallback={<span class="dim">–</span>}>{(seen) => (
      <div class="space">
        <Show when={seen().used_percent !== null}>
          <div class="space-bar" role="meter" aria-label={props.label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={seen().used_percent ?? 0}><span class={seen().nearly_full ? "space-full" : ""} style={{ width: `${seen().used_percent ?? 0}%` }} /></div>
        </Show>
        <span class="small dim">{spaceWords(seen())}</span>
      </div>
    )}</Show>
  );
}

function spaceWords({ used_bytes, free_bytes, total_bytes, used_percent }: Storage["status"][number]): string {
  if (free_bytes !== null && total_bytes !== null) return t().storages.free(f().bytes(free_bytes), f().bytes(total_bytes));
  if (used_bytes !== null) return t().storages.holds(f().bytes(used_bytes));
  return used_percent === null ? "–" : t().storages.usedShare(f().percent(used_percent / 100));
}
