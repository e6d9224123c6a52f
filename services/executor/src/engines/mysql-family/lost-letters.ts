import { SafebaseError, type Warning } from "@safebase/contracts";
import { listed } from "./listed.ts";
import type { TableFacts } from "./inspect.ts";
import { quoteName } from "./names.ts";
import { limitedSelect, type Session } from "./session.ts";

/** Beyond these nothing has letters that need four bytes in UTF-8. */
const WIDE_CHARSETS = ["utf8mb4", "utf16", "utf16le", "utf32", "gb18030"];
const BUDGET_MS = 2_000;

interface Column { readonly table: string; readonly name: string; readonly data_type: string; readonly type: string; readonly default: string | null }

/**
 * Both servers describe their tables in three-byte UTF-8, so that SHOW CREATE TABLE, and with it every dump, has `?`
 * for letters such as 😀. In comments that is a blemish. In labels it loses rows: they are dumped with the true label,
 * which the restored column does not know, and come back empty, all with exit 0. No option of any client changes it.
 * MariaDB does the same to defaults, which MySQL writes in hexadecimal.
 */
export async function lostLetters(session: Session, db_name: string, tables: readonly TableFacts[]): Promise<Warning[]> {
  const names = new Set(tables.filter(({ kind }) => kind === "table").map(({ name }) => name));
  const columns = (await suspects(session, db_name)).filter(({ table }) => names.has(table));
  const deadline_ms = performance.now() + BUDGET_MS;
  const found = { lost: [] as string[], unclear: [] as string[], defaults: [] as string[] };
  for (const column of columns) {
    const place = `${column.table}.${column.name}`;
    const verdict = await labelsOf(session, db_name, column, deadline_ms);
    if (verdict !== "kept") found[verdict].push(place);
    if (session.flavour === "mariadb" && await losesDefault(session, db_name, column)) found.defaults.push(place);
  }
  const say = (code: string, places: string[], sentence: string): Warning[] => (places.length === 0 ? [] : [{ code, message: `${sentence}: ${listed(places)}` }]);
  return [
    ...say("enum_label", found.lost, "the server writes ? for letters of four bytes in labels, so rows with such a label come back empty from a restore"),
    ...say("enum_label", found.unclear, "labels with a ? may stand for letters of four bytes, which no row shows; rows with such a label would come back empty from a restore"),
    ...say("column_default", found.defaults, "the server writes ? for letters of four bytes in defaults, so a restored column has another default"),
  ];
}

async function suspects(session: Session, db_name: string): Promise<Column[]> {
  const rows = await session.rows(
    `SELECT TABLE_NAME AS table_name, COLUMN_NAME AS name, DATA_TYPE AS data_type, COLUMN_TYPE AS type, COLUMN_DEFAULT AS value
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND CHARACTER_SET_NAME IN (?)
       AND (DATA_TYPE IN ('enum', 'set') AND COLUMN_TYPE LIKE '%?%' OR COLUMN_DEFAULT LIKE '%?%') ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    [db_name, WIDE_CHARSETS]);
  return rows.map((row) => ({
    table: String(row["table_name"]), name: String(row["name"]), data_type: String(row["data_type"]), type: String(row["type"]),
    default: row["value"] as string | null,
  }));
}

/** Rows know the true labels. One for each label in doubt is looked for, as long as there is time. */
async function labelsOf(session: Session, db_name: string, column: Column, deadline_ms: number): Promise<"lost" | "unclear" | "kept"> {
  let verdict: "unclear" | "kept" = "kept";
  for (const index of doubtfulLabels(column)) {
    const text = await textWithLabel(session, db_name, column, index, deadline_ms);
    if (text !== undefined && hasWideLetter(text)) return "lost";
    if (text === undefined) verdict = "unclear";
  }
  return verdict;
}

/** The positions, from 1, of the labels with a `?` in `enum('a','it''s?')`. */
export function doubtfulLabels({ data_type, type }: Pick<Column, "data_type" | "type">): number[] {
  if (data_type !== "enum" && data_type !== "set") return [];
  const labels = [...type.matchAll(/'((?:[^']|'')*)'/g)];
  return labels.flatMap((label, position) => (label[1]!.includes("?") ? [position + 1] : []));
}

async function textWithLabel(session: Session, db_name: string, column: Column, index: number, deadline_ms: number): Promise<string | undefined> {
  const limit_ms = Math.floor(deadline_ms - performance.now());
  if (limit_ms < 1) return undefined;
  const name = quoteName(column.name);
  const holds = column.data_type === "enum" ? `${name} = ${index}` : `${name} & ${1n << BigInt(index - 1)}`;
  const select = `CONVERT(${name} USING utf8mb4) AS text FROM ${quoteName(db_name)}.${quoteName(column.table)} WHERE ${holds} LIMIT 1`;
  const row = await answerOrNone(limitedSelect(session, select, limit_ms));
  return row === undefined ? undefined : String(row["text"]);
}

/** An outer join without a partner has the columns' defaults, whether the table holds rows or not. */
async function losesDefault(session: Session, db_name: string, column: Column): Promise<boolean> {
  if (column.default?.includes("?") !== true) return false;
  const row = await answerOrNone(session.rows(
    `SELECT DEFAULT(t.${quoteName(column.name)}) AS value FROM (SELECT 1) AS one LEFT JOIN ${quoteName(db_name)}.${quoteName(column.table)} AS t ON FALSE`));
  const value = row?.["value"];
  return typeof value === "string" && hasWideLetter(value);
}

const hasWideLetter = (text: string): boolean => /[\u{10000}-\u{10ffff}]/u.test(text);

/** Out of time or not allowed: no answer. A lost connection is for the caller. */
async function answerOrNone(rows: Promise<Record<string, unknown>[]>): Promise<Record<string, unknown> | undefined> {
  try {
    return (await rows)[0];
  } catch (error) {
    if (error instanceof SafebaseError && error.code !== "unreachable") return undefined;
    throw error;
  }
}
