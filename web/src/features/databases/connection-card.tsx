import { createSignal, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import type { Database, TestResult } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { Card, Fact, Facts } from "../../ui/card.tsx";
import { Problem } from "../../ui/problem.tsx";
import { may } from "../session/rights.ts";
import { Tested } from "./tested.tsx";
import "./databases.css";

/** How a database is reached, and whether its server answers now. */
export function ConnectionCard(props: { database: Database }) {
  const [testing, setTesting] = createSignal(false);
  const [result, setResult] = createSignal<TestResult>();
  const [error, setError] = createSignal<unknown>();
  const words = () => t().database;
  const test = async (): Promise<void> => {
    setTesting(true);
    setResult(undefined);
    setError(undefined);
    try {
      setResult(await ask(api.databases[":id"].test.$post({ param: { id: String(props.database.id) }, query: {} })));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setTesting(false);
    }
  };
  return (
    <Card title={words().connection}>
      <Facts>
        <Fact wide term={words().address}><span class="mono">{props.database.host}:{props.database.port}</span></Fact>
        <Fact wide term={words().name}><span class="mono">{props.database.db_name}</span></Fact>
        <Fact term={words().user}><span class="mono">{props.database.username}</span></Fact>
        <Fact term={words().password}>{props.database.has_password ? words().kept : words().none}</Fact>
        <Fact term={words().tls}>{props.database.ssl_mode}</Fact>
        <Fact term={words().group}>{props.database.executor_group}</Fact>
      </Facts>
      <Show when={props.database.server_id !== null}><p class="small dim">{words().ofServer}</p></Show>
      <div role="status">
        <Show when={testing()}><p class="dim">{words().testing}</p></Show>
        <Show when={result()}>{(found) => <Tested result={found()} />}</Show>
      </div>
      <Show when={error()}>{(thrown) => <Problem error={thrown()} />}</Show>
      <Show when={may("operate", props.database.user_id)}><Button icon="bolt" busy={testing()} onClick={() => void test()}>{words().test}</Button></Show>
    </Card>
  );
}
