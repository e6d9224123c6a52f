/** A dump's lines up to the first statement that is no SET: nothing of the database's own is among them. */
const HEAD = "1,/^\\(SELECT\\|CREATE\\|ALTER\\|COPY\\|INSERT\\|DROP\\|COMMENT\\|GRANT\\)/";

/** sed's exit code for SQL in which psql would find a command. */
export const SED_REFUSES = 5;

/**
 * sed's script for SQL on its way to psql. It takes out the dump's own \restrict pair, for its key is known to whoever
 * altered the dump, and for servers before 17 `SET transaction_timeout`. Only at the head, and only \unrestrict with
 * the very key: a row or a function's body that holds such a line stays as it is.
 *
 * `\unrestrict` is the one command that restricted mode leaves, and psql before 18.6, 17.11, 16.15, 15.19 and 14.24
 * runs what stands in backquotes behind it (CVE-2026-18408): such a line is refused. Rows hold every backslash twice,
 * and twice it is no command: save after a character whose second byte looks like one (Shift JIS and others). psql
 * would drop the rest of a line behind a zero byte and see another line than sed; no dump holds one.
 */
export function sedArgs(options: { readonly transaction_timeout: boolean }): string[] {
  const refuse = `Q${SED_REFUSES}`;
  return [
    ...(options.transaction_timeout ? [] : ["-e", `${HEAD}{/^SET transaction_timeout = 0;$/d}`]),
    "-e", `${HEAD}{/^\\\\restrict [A-Za-z0-9]*$/{h;d}}`,
    "-e", `/\\x00/${refuse}`,
    "-e", "/\\\\unrestrict/{",
    "-e", "/^\\\\unrestrict [A-Za-z0-9]*$/{G;/^\\\\unrestrict \\([A-Za-z0-9]*\\)\\n\\\\restrict \\1$/d;s/\\n.*$//}",
    "-e", `/\\(^\\|[^\\\\]\\)\\(\\\\\\\\\\)*\\\\unrestrict.*\`/${refuse}`,
    "-e", `/[\\x80-\\xff]\\\\\\\\*unrestrict.*\`/${refuse}`,
    "-e", "}",
  ];
}
