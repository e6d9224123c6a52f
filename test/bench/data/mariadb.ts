/** A number from 0 to below `below` that looks random and depends on the row `seq` and `salt` alone. */
const dice = (salt: number, below: number, i = "seq"): string => `(((${i} * ${48_271 + 2 * salt} + ${salt}) * 16807 % 2147483647) * 69621 % 2147483647 % ${below})`;

const text = (salt: number, sentences: number, i = "seq"): string => `(SELECT words FROM sentences WHERE id = ${dice(salt, sentences, i)})`;

/** The tables, with their keys, for InnoDB stores rows in the order of the primary one. */
const TABLES = [
  "CREATE TABLE sentences (id int PRIMARY KEY, words text NOT NULL) ENGINE=Aria TRANSACTIONAL=0",
  `CREATE TABLE customers (id int PRIMARY KEY, name varchar(100) NOT NULL, mail varchar(100) NOT NULL, born date, balance decimal(14,4) NOT NULL,
     profile json NOT NULL, created_at timestamp NOT NULL)`,
  `CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, placed_at datetime NOT NULL, status enum('new','paid','sent','delivered','returned') NOT NULL,
     total decimal(12,2) NOT NULL, note text, document json NOT NULL, KEY by_customer (customer_id, placed_at))`,
  `CREATE TABLE order_lines (order_id int, line smallint, article varchar(50) NOT NULL, quantity int NOT NULL, price decimal(10,2) NOT NULL, weight double,
     PRIMARY KEY (order_id, line), FOREIGN KEY (order_id) REFERENCES orders (id))`,
  "CREATE TABLE visits (id bigint PRIMARY KEY, session char(32) NOT NULL, at datetime NOT NULL, path varchar(200) NOT NULL, status smallint NOT NULL, took_ms float NOT NULL, payload json)",
  "CREATE TABLE reviews (id int PRIMARY KEY, customer_id int NOT NULL, stars tinyint NOT NULL, body text NOT NULL, written_on date NOT NULL)",
  "CREATE TABLE files (id int PRIMARY KEY, order_id int NOT NULL, name varchar(50) NOT NULL, content mediumblob NOT NULL, FOREIGN KEY (order_id) REFERENCES orders (id))",
];

/** The rows of the orders `from` to `to` and of what belongs to them. `sentences` are there already. */
function rows(from: number, to: number, sentences: number): string[] {
  const every = (step: number): string => `FROM seq_${Math.ceil(from / step)}_to_${Math.floor(to / step)}`;
  const several = (count: number): string => Array.from({ length: count }, (_, n) => text(35, sentences, `(seq * ${count} + ${n})`)).join(", ");
  const blob = Array.from({ length: 100 }, (_, n) => `md5(seq * 1000 + ${n}), repeat('00ff', ${dice(37, 16, `(seq + ${n})`)})`).join(", ");
  return [
    `INSERT INTO customers SELECT seq, concat(substring_index(${text(1, sentences)}, ' ', 1), ' ', left(md5(seq), 8)), concat('user', seq, '@example.org'),
       date_add('1940-01-01', INTERVAL ${dice(2, 25_000)} DAY), ${dice(3, 99_999_999)} / 10000.0,
       json_object('age', ${dice(4, 90)}, 'newsletter', seq % 3 = 0, 'language', elt(1 + ${dice(5, 4)}, 'de', 'en', 'fr', 'ja'), 'about', ${text(6, sentences)}),
       date_add('2019-01-01', INTERVAL ${dice(9, 150_000_000)} SECOND) ${every(10)}`,
    `INSERT INTO orders SELECT seq, 1 + ${dice(11, 1_000_000)} % greatest(${to} div 10, 1), date_add('2021-01-01', INTERVAL seq * 37 + ${dice(12, 37)} SECOND), 1 + ${dice(13, 5)},
       ${dice(14, 4_000)} * 0.99, if(seq % 3 = 0, NULL, concat(${text(15, sentences)}, ', ', ${text(16, sentences)})),
       json_object('channel', elt(1 + ${dice(17, 3)}, 'web', 'shop', 'phone'), 'items', ${dice(18, 9)}, 'reference', concat('R-', seq),
         'gift', seq % 7 = 0, 'carrier', elt(1 + ${dice(20, 3)}, 'DHL', 'UPS', 'Post'), 'remark', ${text(21, sentences)}) ${every(1)}`,
    `INSERT INTO order_lines SELECT seq div 2, seq % 2, concat('article ', ${dice(22, 20_000)}), 1 + ${dice(23, 5)}, ${dice(24, 600)} - 0.01, ${dice(25, 400)} / 10.0
       FROM seq_${from * 2}_to_${to * 2 + 1}`,
    `INSERT INTO visits SELECT seq, md5(concat('s', seq div 8)), date_add('2021-01-01', INTERVAL seq * 37 SECOND),
       concat('/shop/', elt(1 + ${dice(26, 4)}, 'search', 'article', 'basket', 'checkout'), '/', ${dice(27, 20_000)}), elt(1 + ${dice(28, 6)}, 200, 200, 200, 304, 404, 500),
       ${dice(29, 3_000)} / 10.0, json_object('agent', concat('Mozilla/5.0 (X11; Linux x86_64; rv:', ${dice(30, 40)}, '.0)'), 'query', ${text(31, sentences)}, 'hits', ${dice(32, 500)}) ${every(1)}`,
    `INSERT INTO reviews SELECT seq, 1 + ${dice(33, 1_000_000)} % greatest(${to} div 10, 1), 1 + ${dice(34, 5)}, concat_ws('. ', ${several(20)}),
       date_add('2021-01-01', INTERVAL ${dice(36, 1500)} DAY) ${every(12)}`,
    `INSERT INTO files SELECT seq, seq * 200, concat('scan ', seq, '.bin'), unhex(concat(${blob})) ${every(200)}`,
  ];
}

const KEYS = ["DROP TABLE sentences"];

/** How the shop is made in this engine, in this order: tables, rows in steps, keys. */
export const mariadbShop = { TABLES, rows, KEYS };
