/**
 * What a PostgreSQL database can hold, in one schema that looks like a shop's: each statement is there because a
 * dump or a restore could lose what it makes. Data depends on `rows` alone, so two fills of a size are equal.
 */
export function postgresStatements(rows: number): string[] {
  return [...DEFINITIONS, ...data(rows), ...CODE];
}

const DEFINITIONS = [
  `CREATE SCHEMA "odd schema; ☃"`,
  `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy 😀')`,
  `CREATE TYPE address AS (street text, zip varchar(10))`,
  `CREATE DOMAIN email AS text CHECK (VALUE ~ '@')`,
  `CREATE SEQUENCE invoice_numbers START 1000 INCREMENT 7`,
  `CREATE TABLE customers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL, mail email UNIQUE, mood mood DEFAULT 'ok', home address,
    tags text[], profile jsonb, born date, balance numeric(14,4) CHECK (balance > -1000000),
    created_at timestamptz NOT NULL,
    name_length int GENERATED ALWAYS AS (length(name)) STORED)`,
  `CREATE TABLE orders (
    id serial, customer_id bigint NOT NULL REFERENCES customers ON DELETE CASCADE,
    placed_at timestamptz NOT NULL, total numeric(12,2) NOT NULL, note text, document jsonb,
    PRIMARY KEY (id, placed_at)) PARTITION BY RANGE (placed_at)`,
  `CREATE TABLE orders_2023 PARTITION OF orders FOR VALUES FROM ('2023-01-01Z') TO ('2024-01-01Z')`,
  `CREATE TABLE orders_2024 PARTITION OF orders FOR VALUES FROM ('2024-01-01Z') TO ('2025-01-01Z')`,
  `CREATE TABLE orders_other PARTITION OF orders DEFAULT`,
  `CREATE TABLE order_lines (
    order_id int, placed_at timestamptz, line smallint, article text COLLATE "C" NOT NULL, quantity real,
    PRIMARY KEY (order_id, placed_at, line),
    FOREIGN KEY (order_id, placed_at) REFERENCES orders DEFERRABLE INITIALLY DEFERRED)`,
  `CREATE TABLE extremes (
    id int PRIMARY KEY, note text, raw bytea, n numeric, d double precision, day date, at timestamptz, at_local timestamp,
    at_time timetz, span interval, address inet, u uuid, bits bit varying, words tsvector, r int4range,
    many tstzmultirange, grid int[][], j json, c char(5), flag boolean, big bigint, place point)`,
  `CREATE TABLE files (name text PRIMARY KEY, content oid NOT NULL)`,
  `CREATE TABLE never_filled (id int PRIMARY KEY, parent int REFERENCES never_filled)`,
  `CREATE TABLE no_columns ()`,
  `CREATE TABLE "odd schema; ☃"."odd ""table"" = 'ünïcode' 😀" (
    "select" int PRIMARY KEY, "a b" text, "x""y;--" text, "=" text DEFAULT 'it''s; \\ "quoted"')`,
  `CREATE TABLE secrets (id int PRIMARY KEY, owner name DEFAULT current_user, content text)`,
  `CREATE TABLE audit (id bigserial PRIMARY KEY, what text NOT NULL, customer_id bigint)`,
];

function data(rows: number): string[] {
  const customers = Math.max(20, Math.ceil(rows / 10));
  return [
    `INSERT INTO customers (name, mail, mood, home, tags, profile, born, balance, created_at)
     SELECT 'Zoë ' || md5('name' || i) || ' 漢字 😀', 'user' || i || '@example.org', (enum_range(NULL::mood))[1 + i % 3],
       ROW('Straße ' || i, lpad(i::text, 5, '0'))::address, CASE WHEN i % 4 = 0 THEN NULL ELSE ARRAY['t' || i % 7, NULL, 'a"b,{}'] END,
       jsonb_build_object('age', i % 90, 'nested', jsonb_build_array(i, NULL, 'ü')), date '1950-01-01' + i % 20000,
       (i % 9973) * 1.2345, timestamptz '2020-01-01Z' + i * interval '1 minute'
     FROM generate_series(1, ${customers}) AS i`,
    `INSERT INTO orders (customer_id, placed_at, total, note, document)
     SELECT 1 + i % ${customers}, timestamptz '2022-12-01Z' + (i % 1000) * interval '1 day', (i % 100000) / 7.0,
       CASE WHEN i % 11 = 0 THEN NULL ELSE 'Please deliver the parcel to the neighbours, ring twice. ' || md5(i::text) || E'\\n\\ttab, \\\\ and ''quote''' END,
       jsonb_build_object('channel', 'web', 'items', i % 5, 'reference', md5('r' || i), 'gift', i % 2 = 0)
     FROM generate_series(1, ${rows}) AS i`,
    `INSERT INTO order_lines SELECT id, placed_at, 1, 'article ' || id % 500, id % 9 / 4.0 FROM orders WHERE id % 2 = 0`,
    `INSERT INTO extremes (id) VALUES (1)`,
    `INSERT INTO extremes VALUES (2, '', (SELECT string_agg(set_byte('\\x00', 0, b), '' ORDER BY b) FROM generate_series(0, 255) AS b),
       'NaN', 'Infinity', 'infinity', '-infinity', 'infinity', '23:59:59.999999-11:30', '-1 year 2 mons -3 days 04:05:06.789',
       '::1/64', '00000000-0000-0000-0000-000000000001', B'10110', 'fat:2A cat', '[1,10)',
       '{[2020-01-01Z,2021-01-01Z),[2022-01-01Z,)}', '{{1,2},{3,NULL}}', '{"b": 1,  "a": null}', 'ab', true, 9223372036854775807, '(1.5,-2.25)')`,
    `INSERT INTO extremes VALUES (3, E'line\\r\\n\\\\.\\n\\\\N\\t\\u0001', '\\x', 1e-300 + 12345678901234567890.0123456789, 'NaN',
       '4713-01-01 BC', '0044-03-15 12:00:00+00 BC', '1999-12-31 23:59:59.999999', '00:00+00', '178000000 years', '10.0.0.0/8',
       'ffffffff-ffff-ffff-ffff-ffffffffffff', B'', '', 'empty', '{}', '{}', 'null', '', false, -9223372036854775808, '(0,0)')`,
    `INSERT INTO extremes (id, d, n, note) VALUES (4, 0.1 + 0.2, -0.000, repeat('long 😀 ', 20000)), (5, 5e-324, 'Infinity', E'\\\\.')`,
    `INSERT INTO files SELECT 'file ' || i, lo_from_bytea(0, decode(repeat(md5(i::text), i * 700), 'hex')) FROM generate_series(1, 5) AS i`,
    `INSERT INTO no_columns DEFAULT VALUES`,
    `INSERT INTO "odd schema; ☃"."odd ""table"" = 'ünïcode' 😀" ("select", "a b", "x""y;--") VALUES (1, 'one', NULL), (2, E'\\\\', 'DROP TABLE x; --')`,
    `INSERT INTO secrets (id, content) VALUES (1, 'mine')`,
    `SELECT nextval('invoice_numbers'), nextval('invoice_numbers')`,
  ];
}

// Made after the data, as a dump does: a trigger that fired while restoring would change it.
const CODE = [
  `CREATE INDEX orders_by_customer ON orders (customer_id, placed_at DESC)`,
  `CREATE INDEX customers_profile ON customers USING gin (profile)`,
  `CREATE UNIQUE INDEX customers_lower_mail ON customers (lower(mail)) WHERE mood <> 'sad'`,
  `CREATE STATISTICS orders_statistics (dependencies) ON customer_id, total FROM orders_2024`,
  `CREATE FUNCTION full_name(who customers) RETURNS text LANGUAGE sql STABLE AS $$ SELECT who.name || ' <' || who.mail || '>' $$`,
  `CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS $body$
   BEGIN
     INSERT INTO public.audit (what, customer_id) VALUES (TG_OP || $q$ it's $q$, coalesce(NEW.id, OLD.id));
     RETURN NULL;
   END $body$`,
  `CREATE PROCEDURE "forget; all"(INOUT n int DEFAULT 0) LANGUAGE plpgsql AS $$ BEGIN DELETE FROM public.audit; n := n + 1; END $$`,
  `CREATE AGGREGATE product(numeric) (SFUNC = numeric_mul, STYPE = numeric, INITCOND = '1')`,
  `CREATE TRIGGER customers_audited AFTER INSERT OR UPDATE OF name OR DELETE ON customers FOR EACH ROW EXECUTE FUNCTION note_change()`,
  `UPDATE customers SET name = name || '!' WHERE id <= 3`,
  `CREATE VIEW "big spenders" AS SELECT c.id, c.name, sum(o.total) AS spent FROM customers c JOIN orders o ON o.customer_id = c.id
   GROUP BY c.id HAVING sum(o.total) > 1000`,
  `CREATE VIEW view_on_view WITH (security_barrier) AS SELECT name FROM "big spenders" WHERE spent > 5000`,
  `CREATE MATERIALIZED VIEW orders_by_year AS SELECT extract(year FROM placed_at AT TIME ZONE 'UTC') AS year, count(*) AS n FROM orders GROUP BY 1`,
  `CREATE UNIQUE INDEX orders_by_year_key ON orders_by_year (year)`,
  `CREATE RULE keep_audit AS ON DELETE TO never_filled DO INSTEAD NOTHING`,
  `ALTER TABLE secrets ENABLE ROW LEVEL SECURITY`,
  `CREATE POLICY own_rows ON secrets USING (owner = current_user)`,
  `COMMENT ON TABLE customers IS 'who buys; it''s "them" 😀'`,
  `COMMENT ON COLUMN customers.mail IS 'checked'`,
];
