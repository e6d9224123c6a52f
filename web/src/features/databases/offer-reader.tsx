import { createMemo, createUniqueId } from "solid-js";
import type { EngineType } from "../../api/types.ts";
import { t } from "../../i18n/i18n.ts";
import { Button } from "../../ui/button.tsx";
import { CopyText } from "../../ui/copy.tsx";
import type { ConnectionForm } from "./connection.ts";
import { readerName, readOnlyUserSql, strongPassword } from "./read-only-user.ts";

/** Offers a user who can read and nothing else: SQL to run on the server, then its name and password in the form. */
export function ReadOnlyUser(props: { form: ConnectionForm; server: string | undefined }) {
  const id = createUniqueId();
  const password = strongPassword();
  const words = () => t().add.reader;
  const db_name = () => props.form.values().db_name.trim();
  const username = () => readerName(db_name());
  const sql = createMemo(() => readOnlyUserSql({ type: props.form.values().type as EngineType, server: props.server, db_name: db_name(), username: username(), password }));
  const use = (): void => { props.form.set("username", username()); props.form.set("password", password); };
  return (
    <details class="reader">
      <summary>{words().title}</summary>
      <div class="stack reader-body" id={id}>
        <p class="dim">{words().why}</p>
        <p>{words().how(db_name())}</p>
        <CopyText label={words().sql} text={sql()} />
        <div class="row"><Button icon="user" onClick={use}>{words().use}</Button><span class="dim small">{words().useHint}</span></div>
      </div>
    </details>
  );
}
