/** A number from 0 to below `below` that looks random and depends on the row `i` and `salt` alone. */
const dice = (salt: number, below: number, i = "i"): string => `(((${i}::bigint * ${48_271 + 2 * salt} + ${salt}) * 16807 % 2147483647) * 69621 % 2147483647 % ${below})`;

const text = (salt: number, sentences: number): string => `(SELECT words FROM sentences WHERE id = ${dice(salt, sentences)})`;

/** The tables, without keys: those come when the rows are there. */
const TABLES = [
  "CREATE UNLOGGED TABLE sentences (id int PRIMARY KEY, words text NOT NULL)",
  `CREATE TABLE customers (id int NOT NULL, name text NOT NULL, mail text NOT NULL, born date, balance numeric(14,4) NOT NULL,
     profile jsonb NOT NULL, tags text[], created_at timestamptz NOT NULL)`,
  `CREATE TABLE orders (id int NOT NULL, customer_id int NOT NULL, placed_at timestamptz NOT NULL, status text NOT NULL,
     total numeric(12,2) NOT NULL, note text, document jsonb NOT NULL)`,
  "CREATE TABLE order_lines (order_id int NOT NULL, line smallint NOT NULL, article text NOT NULL, quantity int NOT NULL, price numeric(10,2) NOT NULL, weight double precision)",
  "CREATE TABLE visits (id bigint NOT NULL, session uuid NOT NULL, at timestamptz NOT NULL, path text NOT NULL, status smallint NOT NULL, took_ms real NOT NULL, payload json)",
  "CREATE TABLE reviews (id int NOT NULL, customer_id int NOT NULL, stars smallint NOT NULL, body text NOT NULL, written_on date NOT NULL)",
  "CREATE TABLE files (id int NOT NULL, order_id int NOT NULL, name text NOT NULL, content bytea NOT NULL)",
];

/** The rows of the orders `from` to `to` and of what belongs to them. `sentences` are there already. */
function rows(from: number, to: number, sentences: number): string[] {
  const every = (step: number): string => `FROM generate_series(${Math.ceil(from / step)}, ${Math.floor(to / step)}) AS i`;
  return [
    `INSERT INTO customers SELECT i, initcap(split_part(${text(1, sentences)}, ' ', 1)) || ' ' || left(md5(i::text), 8), 'user' || i || '@example.org',
       date '1940-01-01' + ${dice(2, 25_000)}::int, ${dice(3, 99_999_999)} / 10000.0,
       jsonb_build_object('age', ${dice(4, 90)}, 'newsletter', i % 3 = 0, 'language', (ARRAY['de','en','fr','ja'])[1 + ${dice(5, 4)}], 'about', ${text(6, sentences)}),
       CASE WHEN i % 4 = 0 THEN NULL ELSE ARRAY['t' || ${dice(7, 40)}, 'segment ' || ${dice(8, 9)}] END,
       timestamptz '2019-01-01Z' + ${dice(9, 150_000_000)} * interval '1 second' ${every(10)}`,
    `INSERT INTO orders SELECT i, 1 + ${dice(11, 1_000_000)} % greatest(${to} / 10, 1), timestamptz '2021-01-01Z' + i * interval '37 seconds' + ${dice(12, 37)} * interval '1 second',
       (ARRAY['new','paid','sent','delivered','returned'])[1 + ${dice(13, 5)}], ${dice(14, 4_000)} * 0.99,
       CASE WHEN i % 3 = 0 THEN NULL ELSE ${text(15, sentences)} || ', ' || ${text(16, sentences)} END,
       jsonb_build_object('channel', (ARRAY['web','shop','phone'])[1 + ${dice(17, 3)}], 'items', ${dice(18, 9)}, 'reference', 'R-' || i,
         'gift', i % 7 = 0, 'carrier', (ARRAY['DHL','UPS','Post'])[1 + ${dice(20, 3)}], 'remark', ${text(21, sentences)}) ${every(1)}`,
    `INSERT INTO order_lines SELECT i / 2, i % 2, 'article ' || ${dice(22, 20_000)}, 1 + ${dice(23, 5)}, ${dice(24, 600)} - 0.01, ${dice(25, 400)} / 10.0
       FROM generate_series(${from * 2}, ${to * 2 + 1}) AS i`,
    `INSERT INTO visits SELECT i, md5('s' || i / 8)::uuid, timestamptz '2021-01-01Z' + i * interval '37 seconds',
       '/shop/' || (ARRAY['search','article','basket','checkout'])[1 + ${dice(26, 4)}] || '/' || ${dice(27, 20_000)}, (ARRAY[200,200,200,304,404,500])[1 + ${dice(28, 6)}],
       ${dice(29, 3_000)} / 10.0, json_build_object('agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:' || ${dice(30, 40)} || '.0)', 'query', ${text(31, sentences)}, 'hits', ${dice(32, 500)}) ${every(1)}`,
    `INSERT INTO reviews SELECT i, 1 + ${dice(33, 1_000_000)} % greatest(${to} / 10, 1), 1 + ${dice(34, 5)},
       (SELECT string_agg(s.words, '. ' ORDER BY n) FROM generate_series(1, 20) AS n JOIN sentences s ON s.id = ${dice(35, sentences, "(i * 20 + n)")}),
       date '2021-01-01' + ${dice(36, 1500)}::int ${every(12)}`,
    `INSERT INTO files SELECT i, i * 200, 'scan ' || i || '.bin',
       (SELECT decode(string_agg(md5((i * 1000 + n)::text) || repeat('00ff', ${dice(37, 16, "(i + n)")}::int), ''), 'hex') FROM generate_series(1, 100) AS n) ${every(200)}`,
  ];
}

/** Keys, indexes and rules between tables: what a restore must build. */
const KEYS = [
  "ALTER TABLE customers ADD PRIMARY KEY (id)",
  "ALTER TABLE orders ADD PRIMARY KEY (id)",
  "ALTER TABLE order_lines ADD PRIMARY KEY (order_id, line)",
  "ALTER TABLE visits ADD PRIMARY KEY (id)",
  "ALTER TABLE reviews ADD PRIMARY KEY (id)",
  "ALTER TABLE files ADD PRIMARY KEY (id), ADD FOREIGN KEY (order_id) REFERENCES orders",
  "CREATE INDEX ON orders (customer_id, placed_at)",
  "ALTER TABLE order_lines ADD FOREIGN KEY (order_id) REFERENCES orders",
  "DROP TABLE sentences",
];

/** How the shop is made in this engine, in this order: tables, rows in steps, keys. */
export const postgresShop = { TABLES, rows, KEYS };
