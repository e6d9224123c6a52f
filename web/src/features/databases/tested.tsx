import { For, Show } from "solid-js";
import { ApiError } from "../../api/client.ts";
import type { TestResult } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { f } from "../../i18n/use-format.ts";
import { Icon } from "../../ui/icon.tsx";
import { Problem } from "../../ui/problem.tsx";
import { Said } from "../../ui/said.tsx";

/** What a server said of itself, or why it said nothing. */
export function Tested(props: { result: TestResult }) {
  const words = () => t().add;
  return (
    <Show when={props.result.ok && props.result} fallback={<Failed result={props.result} />}>{(report) => (
      <div class="tested">
        <p class="tested-title"><Icon name="check" size={18} />{words().ok(report().server)}</p>
        <p class="dim">{`${words().size}: ${f().bytes(report().size_bytes)} · ${words().tables}: ${f().number(report().tables)} · ${words().tls}: ${report().tls ? words().yes : words().no}`}</p>
        <Show when={report().warnings.length > 0}>
          <p class="tested-warn"><Icon name="alert" />{words().warnings}</p>
          <ul><For each={report().warnings}>{(warning) => <li class="wrap"><Said text={warning.message} /></li>}</For></ul>
        </Show>
      </div>
    )}</Show>
  );
}

function Failed(props: { result: TestResult }) {
  const error = () => (props.result.ok ? undefined : new ApiError(props.result.code, props.result.error, props.result.hint));
  return <Show when={error()}>{(failed) => <Problem error={failed()} />}</Show>;
}
