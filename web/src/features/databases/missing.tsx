import { Show } from "solid-js";
import { ApiError } from "../../api/client.ts";
import { scope, setScope } from "../../api/scope.ts";
import { t } from "../../i18n/i18n.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { Empty } from "../../ui/problem.tsx";
import { seesAll } from "../session/rights.ts";

/** Not there for who asks, or its address never was one. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiError && (error.code === "not_found" || error.code === "bad_request");
}

/** Shown whether it never was, is gone, or is somebody else's. */
export function Missing() {
  return (
    <div class="card"><Empty title={t().database.missingText}>
      <Show when={seesAll() && scope() === "own"}><Button onClick={() => setScope("all")}>{t().database.showAll}</Button></Show>
      <ButtonLink href="/databases" look="main">{t().database.back}</ButtonLink>
    </Empty></div>
  );
}
