import { A } from "@solidjs/router";
import { createSignal, For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { createData } from "../../api/data.ts";
import type { Database, DatabaseOverview } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Card, Fact, Facts } from "../../ui/card.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Loaded } from "../../ui/loaded.tsx";
import { Ago } from "../../ui/time.tsx";
import { RetentionPreview } from "../retention/retention-preview.tsx";
import { retentionWords } from "../retention/words.ts";
import { cronWords } from "../schedules/cron-words.ts";
import { may } from "../session/rights.ts";
import { ConnectionCard } from "./connection-card.tsx";
import { Objectives } from "./objectives.tsx";

/** What is set up for a database. */
export function Side(props: { database: Database; overview: DatabaseOverview }) {
  return (
    <div class="stack side">
      <Schedules database={props.database} />
      <Objectives database={props.database} />
      <Retention database={props.database} />
      <Storage database={props.database} />
      <ConnectionCard database={props.database} />
    </div>
  );
}

function Schedules(props: { database: Database }) {
  const words = () => t().database;
  const data = createData(() => props.database.id, async (id) => (await ask(api.schedules.$get({ query: { database_id: String(id) } }))).schedules, ["schedule"]);
  return (
    <Card title={words().schedules}>
      <Loaded of={data} lines={2}>{(value) => (
        <Show when={value().length > 0} fallback={<p class="dim">{words().noSchedule}</p>}>
          <ul class="side-list"><For each={value()}>{(schedule) => (
            <li>
              <A href={`/schedules/${schedule.id}`} class="wrap">{cronWords(schedule.cron)}</A>
              <p class="small dim wrap">{schedule.name} · {schedule.timezone} · <Show when={schedule.next_run_at} fallback={schedule.paused ? words().paused : words().disabled}>{(at) => <Ago at={at()} words={words().nextRun} />}</Show></p>
            </li>
          )}</For></ul>
        </Show>
      )}</Loaded>
      <Show when={may("manage", props.database.user_id)}><ButtonLink href={`/schedules/new?database_id=${props.database.id}`} icon="plus">{words().addSchedule}</ButtonLink></Show>
    </Card>
  );
}

function Retention(props: { database: Database }) {
  const [open, setOpen] = createSignal(false);
  const words = () => t().database;
  return (
    <Card title={words().retention}>
      <p>{retentionWords(props.database.retention)}</p>
      <Button onClick={() => setOpen(true)}>{words().preview}</Button>
      <Show when={open()}><Dialog wide title={words().previewTitle} onClose={() => setOpen(false)}><RetentionPreview database_id={props.database.id} policy={props.database.retention} /></Dialog></Show>
    </Card>
  );
}

function Storage(props: { database: Database }) {
  const words = () => t().database;
  const keys = createData(() => props.database.encryption_key_id, async (id) => (id === null ? [] : (await ask(api.keys.$get({ query: {} }))).keys));
  const key = (id: number): string => keys.value()?.find((each) => each.id === id)?.name ?? words().keyNumber(id);
  return (
    <Card title={words().storage}>
      <Facts>
        <Fact wide term={words().goesTo}>{f().list(props.database.effective_storages)}<Show when={props.database.storages === null}> <span class="dim">({words().byDefault})</span></Show></Fact>
        <Fact wide term={words().encryptedWith}><Show when={props.database.encryption_key_id} fallback={<span class="dim">{words().notEncrypted}</span>}>{(id) => key(id())}</Show></Fact>
      </Facts>
    </Card>
  );
}
