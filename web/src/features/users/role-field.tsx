import { createUniqueId, For } from "solid-js";
import { t } from "../../i18n/i18n.ts";
import { ROLES, type Role } from "./accounts.ts";
import "./users.css";

/** One of the roles, each with what it may. */
export function RoleField(props: { value: Role; onChange: (role: Role) => void }) {
  const name = createUniqueId();
  return (
    <fieldset class="roles">
      <legend>{t().users.role}</legend>
      <For each={ROLES}>{(role) => (
        <label class="role">
          <input type="radio" name={name} value={role} checked={props.value === role} onChange={() => props.onChange(role)} />
          <span><span class="strong">{t().roles[role]}</span><span class="dim small">{t().users.may[role]}</span></span>
        </label>
      )}</For>
    </fieldset>
  );
}
