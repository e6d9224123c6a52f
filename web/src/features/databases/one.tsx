import { A, useNavigate, useParams } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import { scope } from "../../api/scope.ts";
import type { Database, DatabaseOverview } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Tag } from "../../ui/badge.tsx";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, PageHead } from "../../ui/card.tsx";
import { Trend } from "../../ui/charts/trend.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { JobProgress } from "../../ui/progress.tsx";
import { Said } from "../../ui/said.tsx";
import { createProgress } from "../backups/live.ts";
import { may } from "../session/rights.ts";
import { BackUpButton } from "./back-up-button.tsx";
import { BackUpDialog } from "./back-up-dialog.tsx";
import { Shield, StateBadge } from "./freshness.tsx";
import { History } from "./history.tsx";
import { isMissing, Missing } from "./missing.tsx";
import { RowMenu } from "./row-menu.tsx";
import { Side } from "./side.tsx";
import { Tiles } from "./tiles.tsx";
import "../../ui/table.css";
import "./list.css";
import "./one.css";

/** All that is known of a database, and what one does with it; live. */
export default function DatabasePage() {
  const params = useParams<{ id: string }>();
  const data = createData(() => params.id, load, ["backup", "database", "objective", "schedule", "verification", "check"]);
  const title = (): string => data.value()?.database.name ?? (gone() ? t().database.missingTitle : t().databases.one(Number(params.id)));
  const gone = (): boolean => data.value() === undefined && isMissing(data.error());
  return (
    <>
      <PageHead title={title()} above={<A href="/databases" class="small">{t().database.back}</A>}>
        <Show when={data.value()}>{(value) => <Actions {...value()} />}</Show>
      </PageHead>
      <Show when={!gone()} fallback={<Missing />}>
        <Loaded of={data} lines={10}>{(value) => <Details {...value()} />}</Loaded>
      </Show>
    </>
  );
}

async function load(id: string) {
  const [{ database, warnings }, { overview }] = await Promise.all([
    ask(api.databases[":id"].$get({ param: { id }, query: {} })), ask(api.databases[":id"].overview.$get({ param: { id }, query: {} })),
  ]);
  return { database, warnings, overview };
}

interface Shown { database: Database; warnings: readonly { message: string }[]; overview: DatabaseOverview }

function Actions(props: Shown) {
  const navigate = useNavigate();
  const [choosing, setChoosing] = createSignal(false);
  const running = (): boolean => props.overview.running !== null;
  return (
    <>
      <Show when={may("operate", props.overview.user_id)}>
        <BackUpButton database={props.overview} running={running()} look="main" />
        <Button disabled={running()} onClick={() => setChoosing(true)}>{t().database.options}</Button>
        <Show when={props.overview.newest}><ButtonLink href={`/restores/new?database_id=${props.overview.id}`} icon="restore">{t().database.restore}</ButtonLink></Show>
      </Show>
      <Show when={may("manage", props.overview.user_id)}><ButtonLink href={`/databases/${props.overview.id}/edit`} icon="edit">{t().databases.edit}</ButtonLink></Show>
      <RowMenu database={props.overview} onPage onDeleted={() => navigate("/databases")} />
      <Show when={choosing()}><BackUpDialog database={props.database} onClose={() => setChoosing(false)} /></Show>
    </>
  );
}

function Details(props: Shown) {
  const live = createProgress();
  const words = () => t().database;
  return (
    <>
      <div class="row database-state">
        <StateBadge of={props.overview} /><Tag>{t().engines[props.overview.type]}</Tag><Shield of={props.overview} />
        <Show when={scope() === "all"}><span class="dim">{t().databases.owner(props.overview.user_email)}</span></Show>
      </div>
      <Show when={props.overview.missing_since}>{(since) => <p class="database-missing"><Icon name="alert" />{words().missingSince(f().moment(since()))}</p>}</Show>
      <For each={props.warnings}>{({ message }) => <p class="database-missing"><Icon name="alert" /><Said text={message} /></p>}</For>
      <Show when={props.overview.running}>{(running) => <div class="database-running"><JobProgress begun={running().status === "running"} label={t().databases.history(props.overview.name)} progress={live(running().id) ?? running().progress} /></div>}</Show>
      <Tiles of={props.overview} />
      <div class="database-grid">
        <div class="stack">
          <Card title={words().size}>
            <Show when={props.overview.sizes.length > 1} fallback={<p class="dim">{words().sizeFew}</p>}>
              <Trend points={props.overview.sizes.map(({ at, size }) => ({ at, value: size }))} label={words().size} format={f().bytes} height={120} />
            </Show>
          </Card>
          <History database_id={props.overview.id} name={props.overview.name} />
        </div>
        <Side database={props.database} overview={props.overview} />
      </div>
    </>
  );
}
