import { A } from "@solidjs/router";
import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Server } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Badge, Tag } from "../../ui/badge.tsx";
import { ButtonLink } from "../../ui/button.tsx";
import { PageHead } from "../../ui/card.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Empty } from "../../ui/problem.tsx";
import { Ago } from "../../ui/time.tsx";
import { cronWords } from "../schedules/cron-words.ts";
import { may } from "../session/rights.ts";
import "../../ui/table.css";

/** The servers whose databases are registered as they come. */
export default function ServersPage() {
  const data = createData(() => undefined, async () => (await ask(api.servers.$get({ query: {} }))).servers, ["server"]);
  const words = () => t().servers;
  const add = () => <Show when={may("manage")}><ButtonLink href="/servers/new" look="main" icon="plus">{words().add}</ButtonLink></Show>;
  return (
    <>
      <PageHead title={words().title}>{add()}</PageHead>
      <div class="card">
        <Loaded of={data}>{(value) => (
          <Show when={value().length > 0} fallback={<Empty title={words().emptyTitle} text={words().emptyText}>{add()}</Empty>}>
            <table class="table">
              <thead><tr><th scope="col">{words().name}</th><th scope="col">{words().address}</th><th scope="col">{words().databases}</th><th scope="col">{t().schedules.when}</th><th scope="col">{words().lastSync}</th></tr></thead>
              <tbody><For each={value()}>{(server) => <Row server={server} />}</For></tbody>
            </table>
          </Show>
        )}</Loaded>
      </div>
    </>
  );
}

function Row(props: { server: Server }) {
  const words = () => t().servers;
  return (
    <tr>
      <td class="whole"><A href={`/servers/${props.server.id}`} class="wrap">{props.server.name}</A> <Tag>{t().engines[props.server.type]}</Tag></td>
      <td class="whole dim wrap small">{props.server.host}:{props.server.port}</td>
      <td data-label={words().databases}>{words().count(props.server.database_count)} <Show when={props.server.missing_count > 0}><Badge tone="warn">{words().missing(props.server.missing_count)}</Badge></Show></td>
      <td data-label={t().schedules.when}>{props.server.schedule === null ? "–" : cronWords(props.server.schedule.cron)}</td>
      <td data-label={words().lastSync}><Show when={props.server.last_sync} fallback={<span class="dim">{words().never}</span>}>{(sync) => <><Ago at={sync().at} /> <Show when={sync().problem}>{(problem) => <Badge tone="bad" title={problem().message}>{words().problem}</Badge>}</Show></>}</Show></td>
    </tr>
  );
}
