import { For, Show } from "solid-js";
import { api, ask } from "../../api/client.ts";
import { t } from "../../i18n/i18n.ts";
import { Card } from "../../ui/card.tsx";
import { ConfirmButton } from "../../ui/dialog.tsx";
import { Moment } from "../../ui/time.tsx";
import { toast } from "../../ui/toasts.tsx";
import type { JoinToken } from "./types.ts";
import "../../ui/table.css";

/** Join tokens by which a machine could still join. */
export function OpenTokens(props: { tokens: readonly JoinToken[]; again: () => void }) {
  const words = () => t().executors;
  const open = () => props.tokens.filter(({ used_at, expires_at }) => used_at === null && Date.parse(expires_at) > Date.now());
  const revoke = (id: number) => async (): Promise<void> => {
    await ask(api.executors["join-tokens"][":id"].$delete({ param: { id: String(id) }, query: {} }));
    toast("good", words().revoked);
    props.again();
  };
  return (
    <Show when={open().length > 0}>
      <Card title={words().tokens} flush aside={<span class="dim small">{words().tokensHint}</span>}>
        <table class="table">
          <thead><tr><th scope="col">{words().group}</th><th scope="col">{words().ends}</th><th scope="col"><span class="hidden">{words().revoke}</span></th></tr></thead>
          <tbody>
            <For each={open()}>{({ id, group, expires_at }) => (
              <tr>
                <td data-label={words().group}>{group}</td>
                <td data-label={words().ends}><Moment at={expires_at} /></td>
                <td class="whole end"><ConfirmButton label={words().revokeOf(group)} title={words().revokeOf(group)} text={<p>{words().revokeText}</p>} action={words().revoke} onConfirm={revoke(id)}>{words().revoke}</ConfirmButton></td>
              </tr>
            )}</For>
          </tbody>
        </table>
      </Card>
    </Show>
  );
}
