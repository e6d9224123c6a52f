/** What an empty PostgreSQL database is filled with, in this order; the same rows for the same size. */
type Statements = (size_bytes: number) => Generator<string>;

const TABLES_MAX = 5_000;
const TABLE_BYTES = 20_000;
const TABLES_AT_ONCE = 250;

/** Thousands of tables with a key, an index and a few rows each: what a dump does for each table is all that counts. */
function* manyTables(size_bytes: number): Generator<string> {
  const tables = Math.min(TABLES_MAX, Math.max(50, Math.round(size_bytes / TABLE_BYTES)));
  for (let from = 1; from <= tables; from += TABLES_AT_ONCE) {
    yield `DO $$ BEGIN FOR t IN ${from}..${Math.min(tables, from + TABLES_AT_ONCE - 1)} LOOP
      EXECUTE format('CREATE TABLE tenant_%s (id int PRIMARY KEY, name text NOT NULL, amount numeric(10,2), at timestamptz)', t);
      EXECUTE format('INSERT INTO tenant_%s SELECT i, md5((%s * 100 + i)::text), i * 1.25, timestamptz ''2024-01-01Z'' + i * interval ''1 hour'' FROM generate_series(1, 20) AS i', t, t);
      EXECUTE format('CREATE INDEX ON tenant_%s (at)', t);
    END LOOP; END $$`;
  }
}

const WIDE_COLUMNS = 400;
const WIDE_ROW_BYTES = 5_400;
const WIDE_ROWS_AT_ONCE = 10_000;
const WIDE = [
  { type: "int", value: (n: number) => `(i * ${48_271 + n} % 1000003)` },
  { type: "text", value: (n: number) => `left(md5((i * 31 + ${n})::text), ${4 + n % 17})` },
  { type: "numeric(12,4)", value: (n: number) => `((i * ${7919 + n}) % 10000019) / 100.0` },
  { type: "timestamptz", value: (n: number) => `timestamptz '2022-01-01Z' + ((i * 37 + ${n * 1001}) % 90000000) * interval '1 second'` },
] as const;

/** One table of hundreds of columns: parsing and writing values is all that counts. */
function* wideTable(size_bytes: number): Generator<string> {
  const kind = (n: number): (typeof WIDE)[number] => WIDE[n % WIDE.length] as (typeof WIDE)[number];
  const columns = Array.from({ length: WIDE_COLUMNS }, (_, n) => n);
  yield `CREATE TABLE wide (id bigint NOT NULL, ${columns.map((n) => `c${n} ${kind(n).type}`).join(", ")})`;
  const rows = Math.max(100, Math.round(size_bytes / WIDE_ROW_BYTES));
  const values = columns.map((n) => kind(n).value(n)).join(", ");
  for (let from = 1; from <= rows; from += WIDE_ROWS_AT_ONCE) {
    yield `INSERT INTO wide SELECT i, ${values} FROM generate_series(${from}::bigint, ${Math.min(rows, from + WIDE_ROWS_AT_ONCE - 1)}) AS i`;
  }
  yield "ALTER TABLE wide ADD PRIMARY KEY (id)";
}

const BLOB_BYTES_MAX = 8_000_000;
const HASH_BYTES = 64;

/** Photos and archives, that is bytes that do not compress, half of them large objects. A dump writes a byte as two characters. */
function* blobs(size_bytes: number): Generator<string> {
  const blob_bytes = Math.min(BLOB_BYTES_MAX, Math.round(size_bytes / 16));
  const count = Math.max(2, Math.round(size_bytes / 2 / blob_bytes));
  const content = (i: number): string => `(SELECT string_agg(sha512((${i} * 1000003 + n)::text::bytea), '' ORDER BY n) FROM generate_series(1, ${Math.ceil(blob_bytes / HASH_BYTES)}) AS n)`;
  yield "CREATE TABLE scans (id int PRIMARY KEY, content bytea NOT NULL)";
  yield "ALTER TABLE scans ALTER content SET STORAGE EXTERNAL";
  for (let i = 1; i <= count; i++) yield i % 2 === 0 ? `INSERT INTO scans VALUES (${i}, ${content(i)})` : `SELECT lo_from_bytea(0, ${content(i)}) IS NULL`;
}

const LARGE_ROW_BYTES = 1_040;
const LARGE_ROWS_AT_ONCE = 200_000;

/** One table of any size, made fast, that compresses to about its half: most bytes that go through SafeBase for the time it takes. */
function* largeTable(size_bytes: number): Generator<string> {
  yield "CREATE TABLE large (id bigint NOT NULL, content text NOT NULL)";
  const rows = Math.max(1_000, Math.round(size_bytes / LARGE_ROW_BYTES));
  const content = Array.from({ length: 8 }, (_, n) => `encode(sha512((i * 8 + ${n})::text::bytea), 'hex')`).join(" || ");
  for (let from = 1; from <= rows; from += LARGE_ROWS_AT_ONCE) {
    yield `INSERT INTO large SELECT i, ${content} FROM generate_series(${from}::bigint, ${Math.min(rows, from + LARGE_ROWS_AT_ONCE - 1)}) AS i`;
  }
  yield "ALTER TABLE large ADD PRIMARY KEY (id)";
}

export const SHAPES = { manyTables, wideTable, blobs, largeTable } satisfies Record<string, Statements>;
export type Shape = keyof typeof SHAPES;
