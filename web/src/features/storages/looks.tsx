import { For, Show } from "solid-js";
import { ApiError } from "../../api/client.ts";
import type { Storage } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Badge } from "../../ui/badge.tsx";
import { Card, Fact, Facts } from "../../ui/card.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";
import { Space } from "./stand.tsx";
import { standOf, TONES } from "./state.ts";

/** What the executors saw of it when they last looked, group by group. */
export function Looks(props: { storage: Storage }) {
  const words = () => t().storages;
  return (
    <Card title={words().state}>
      <Show when={props.storage.status.length > 0} fallback={<p class="dim">{words().neverSeen}</p>}>
        <ul class="stack"><For each={props.storage.status}>{(look) => <li><Look look={look} name={props.storage.name} several={props.storage.status.length > 1} /></li>}</For></ul>
      </Show>
    </Card>
  );
}

function Look(props: { look: Storage["status"][number]; name: string; several: boolean }) {
  const words = () => t().storages;
  const refusal = () => (props.look.error_code === null ? undefined : new ApiError(props.look.error_code, props.look.error_msg ?? "", props.look.error_hint ?? undefined));
  return (
    <div class="stack">
      <Facts>
        <Show when={props.several}><Fact term={words().group}>{props.look.group}</Fact></Show>
        <Fact term={words().state}><Badge tone={TONES[standOf(props.look)]}>{words().stands[standOf(props.look)]}</Badge></Fact>
        <Show when={props.look.since}>{(since) => <Fact term={words().since}><Ago at={since()} /></Fact>}</Show>
        <Fact term={words().checked}><Ago at={props.look.checked_at} /></Fact>
        <Fact term={words().space} wide><Space status={[props.look]} label={`${words().space}: ${props.name}`} /></Fact>
      </Facts>
      <Show when={refusal()}>{(error) => <Problem error={error()} />}</Show>
    </div>
  );
}
