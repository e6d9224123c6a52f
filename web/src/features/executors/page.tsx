import { createSignal, For, onCleanup, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { may } from "../session/rights.ts";
import { GroupCard } from "./group-card.tsx";
import { Join } from "./join.tsx";
import { OpenTokens } from "./open-tokens.tsx";
import "./executors.css";

/** Signs of life come every few seconds, and tell no browser of themselves. */
const EVERY_MS = 5_000;

/** Who does the work, group by group, and how more of them join. */
export default function ExecutorsPage() {
  const data = createData(() => undefined, () => ask(api.executors.$get({ query: {} })), ["notice"]);
  const tokens = createData(() => may("administer"), async (admin) => (admin ? (await ask(api.executors["join-tokens"].$get({ query: {} }))).join_tokens : []));
  const [joining, setJoining] = createSignal(false);
  const again = (): void => { data.again(); tokens.again(); };
  const timer = setInterval(() => { if (!document.hidden) again(); }, EVERY_MS);
  onCleanup(() => clearInterval(timer));
  return (
    <>
      <PageHead title={t().executors.title}><Show when={may("administer")}><Button look="main" icon="plus" onClick={() => setJoining(true)}>{t().executors.join}</Button></Show></PageHead>
      <p class="executors-lead dim">{t().executors.lead}</p>
      <Loaded of={data} lines={6}>{(value) => (
        <div class="executors">
          <For each={value().groups.map(({ group }) => group)}>{(name) => (
            <Show when={value().groups.find(({ group }) => group === name)}>{(group) => (
              <GroupCard group={group()} executors={value().executors?.filter((each) => each.group === name)} version={value().version} again={data.again} />
            )}</Show>
          )}</For>
          <OpenTokens tokens={tokens.value() ?? []} again={tokens.again} />
        </div>
      )}</Loaded>
      <Show when={joining()}><Join known={data.value()?.executors ?? []} tokens={tokens.value() ?? []} again={again} onClose={() => setJoining(false)} /></Show>
    </>
  );
}
