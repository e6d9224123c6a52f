import type { InferResponseType } from "hono/client";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { Card } from "../../ui/card.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";
import "../../ui/table.css";

type Alive = InferResponseType<(typeof api)["executors"]["$get"], 200>;
type Executor = NonNullable<Alive["executors"]>[number];

/** Who does the work, with what, and which parts of SafeBase run. */
export function Executors(props: { version: string | undefined }) {
  const data = createData(() => undefined, () => ask(api.executors.$get({ query: {} })), ["notice"]);
  const words = () => t().settings;
  return (
    <>
      <Card title={words().executors} flush>
        <Loaded of={data} lines={3}>{(value) => (
          <>
            <For each={value().groups.filter(({ alive }) => alive === 0)}>{({ group }) => <p class="settings-dead"><Icon name="alert" />{words().deadGroup(group)}</p>}</For>
            <Show when={(value().executors ?? []).length > 0} fallback={<Empty title={words().noExecutors} />}><Rows executors={value().executors ?? []} /></Show>
          </>
        )}</Loaded>
      </Card>
      <Card title={words().about}>
        <div class="settings-about">
          <Show when={props.version}>{(version) => <span>SafeBase <span class="strong">{version()}</span></span>}</Show>
          <For each={data.value()?.services ?? []}>{({ name, alive }) => <Badge tone={alive === 0 ? "bad" : "good"}>{words().alive(words().names[name] ?? name, alive)}</Badge>}</For>
          <a href="/api/docs" target="_blank">{words().docs}</a>
        </div>
      </Card>
    </>
  );
}

function Rows(props: { executors: readonly Executor[] }) {
  const words = () => t().settings;
  return (
    <table class="table">
      <thead><tr><th scope="col">{words().host}</th><th scope="col">{words().group}</th><th scope="col">{words().clients}</th><th scope="col" class="end">{words().jobs}</th><th scope="col" class="end">{words().seen}</th></tr></thead>
      <tbody>
        <For each={props.executors}>{(executor) => (
          <tr>
            <td class="whole"><span class="wrap strong">{executor.host}</span><p class="dim small">{words().version} {executor.version}</p></td>
            <td data-label={words().group}>{executor.group}</td>
            <td class="whole"><details><summary>{words().morePrograms(executor.clients.length)}</summary><ul class="settings-clients"><For each={executor.clients}>{({ name, version }) => <li><Tag>{name} {version}</Tag></li>}</For></ul></details></td>
            <td class="end" data-label={words().jobs}>{f().number(executor.running_jobs.length)}</td>
            <td class="end dim" data-label={words().seen}><Ago at={executor.last_seen_at} /></td>
          </tr>
        )}</For>
      </tbody>
    </table>
  );
}
