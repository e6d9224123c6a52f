/**
 * As `postgresStatements`, for MySQL and MariaDB. Each statement is sent by itself: no DELIMITER is needed. No md5:
 * MySQL 9.6 took it out. No four-byte letter in an enum or a trigger: SHOW CREATE, and so every dump, turns it into `?`.
 */
export function mysqlStatements(engine: "mysql" | "mariadb", rows: number): string[] {
  return [...SESSION, ...DEFINITIONS, ...(engine === "mariadb" ? MARIADB_ONLY : []), ...data(rows), ...CODE];
}

const SESSION = ["SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO'", "SET SESSION time_zone = '+00:00'"];

const DEFINITIONS = [
  `CREATE TABLE customers (
    id bigint unsigned AUTO_INCREMENT PRIMARY KEY, name varchar(200) NOT NULL, mail varchar(100) UNIQUE,
    mood enum('sad','ok','happy ☃') DEFAULT 'ok', likes set('red','green','blue'), profile json, born date,
    balance decimal(14,4), created_at timestamp(6) NOT NULL, changed_at timestamp NULL DEFAULT NULL ON UPDATE CURRENT_TIMESTAMP,
    name_length int GENERATED ALWAYS AS (char_length(name)) STORED,
    initial char(1) GENERATED ALWAYS AS (left(name, 1)) VIRTUAL,
    CONSTRAINT sane_balance CHECK (balance > -1000000)) COMMENT 'who buys; it''s "them"'`,
  `CREATE TABLE orders (
    id int AUTO_INCREMENT PRIMARY KEY, customer_id bigint unsigned NOT NULL, placed_at datetime NOT NULL,
    total decimal(12,2) NOT NULL, note text, document json, KEY by_customer (customer_id, placed_at),
    CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE)`,
  `CREATE TABLE order_lines (
    order_id int, line smallint, article varchar(100) COLLATE utf8mb4_bin NOT NULL, quantity double,
    PRIMARY KEY (order_id, line), FOREIGN KEY (order_id) REFERENCES orders (id))`,
  `CREATE TABLE measurements (id int NOT NULL, at date NOT NULL, value double, PRIMARY KEY (id, at))
   PARTITION BY RANGE (year(at)) (PARTITION p2023 VALUES LESS THAN (2024), PARTITION p2024 VALUES LESS THAN (2025), PARTITION later VALUES LESS THAN MAXVALUE)`,
  `CREATE TABLE extremes (
    id int AUTO_INCREMENT PRIMARY KEY, note longtext, raw longblob, fixed binary(8), bits bit(20), n decimal(65,30), d double,
    day date, at datetime(6), at_time time(6), y year, big bigint unsigned, small tinyint, place point, c char(5), flag bool)`,
  `CREATE TABLE old_letters (id int PRIMARY KEY, word varchar(50)) DEFAULT CHARSET latin1`,
  "CREATE TABLE never_filled (id int PRIMARY KEY, parent int, FOREIGN KEY (parent) REFERENCES never_filled (id))",
  "CREATE TABLE `odd ``table`` = 'ünïcode'; --` (`select` int PRIMARY KEY, `a b` text, `x``y;--` text, `=` varchar(50) DEFAULT 'it''s; \\\\ \"quoted\"')",
  `CREATE TABLE audit (id bigint AUTO_INCREMENT PRIMARY KEY, what varchar(100) NOT NULL, customer_id bigint unsigned)`,
  `CREATE TABLE articles (id int PRIMARY KEY, body text, FULLTEXT KEY words (body), KEY start (body(10)))`,
];

const MARIADB_ONLY = [`CREATE SEQUENCE invoice_numbers START WITH 1000 INCREMENT BY 7 NOCACHE`, `DO NEXTVAL(invoice_numbers)`];

/** Numbers 1 to `count`, without a recursion limit to raise: powers of ten joined. */
function numbers(count: number): string {
  const digits = Math.max(1, String(count - 1).length);
  const digit = "(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 "
    + "UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)";
  const tables = Array.from({ length: digits }, (_, place) => `${digit} d${place}`);
  const sum = tables.map((_, place) => `d${place}.d * ${10 ** place}`).join(" + ");
  return `(SELECT 1 + ${sum} AS i FROM ${tables.join(" CROSS JOIN ")} HAVING i <= ${count} ORDER BY i) AS numbers`;
}

function data(rows: number): string[] {
  const customers = Math.max(20, Math.ceil(rows / 10));
  return [
    `INSERT INTO customers (name, mail, mood, likes, profile, born, balance, created_at)
     SELECT concat('Zoë ', left(sha2(concat('name', i), 256), 32), ' 漢字 😀'), concat('user', i, '@example.org'), 1 + i % 3, i % 8,
       json_object('age', i % 90, 'nested', json_array(i, NULL, 'ü')), date_add('1950-01-01', INTERVAL i % 20000 DAY),
       (i % 9973) * 1.2345, date_add('2020-01-01 00:00:00.000001', INTERVAL i MINUTE)
     FROM ${numbers(customers)}`,
    `INSERT INTO orders (customer_id, placed_at, total, note, document)
     SELECT 1 + i % ${customers}, date_add('2022-12-01', INTERVAL i % 1000 DAY), (i % 100000) / 7,
       if(i % 11 = 0, NULL, concat('Please deliver the parcel to the neighbours, ring twice. ', left(sha2(i, 256), 32), '\\n\\ttab, \\\\ and ''quote''')),
       json_object('channel', 'web', 'items', i % 5, 'reference', left(sha2(concat('r', i), 256), 32), 'gift', i % 2 = 0)
     FROM ${numbers(rows)}`,
    `INSERT INTO order_lines SELECT id, 1, concat('article ', id % 500), id % 9 / 4 FROM orders WHERE id % 2 = 0`,
    `INSERT INTO measurements SELECT i, date_add('2023-01-01', INTERVAL i % 1200 DAY), i / 8 FROM ${numbers(Math.min(rows, 2000))}`,
    `INSERT INTO extremes (id) VALUES (0), (1)`, // 0: a restore without NO_AUTO_VALUE_ON_ZERO numbers it anew
    `INSERT INTO extremes VALUES (2, '', unhex('${allBytes()}'), unhex('00ff00ff'), b'10110011100011110000', 99999999999999999999999999999999999.999999999999999999999999999999,
       1.7976931348623157e308, '9999-12-31', '9999-12-31 23:59:59.999999', '-838:59:59', 2155, 18446744073709551615, -128, ST_GeomFromText('POINT(1.5 -2.25)'), 'ab', true)`,
    `INSERT INTO extremes (id, note, raw, n, d, day, at, c) VALUES (3, 'line\\r\\n\\\\N\\t\\0\\Z end', '', -0.000, 2.2250738585072014e-308, '1000-01-01', '1000-01-01', ''),
       (4, repeat('long 😀 ', 20000), repeat(unhex('00ff27225c'), 30000), 1, 0.1 + 0.2, '2024-02-29', '2024-02-29 12:00:00', '😀')`,
    `INSERT INTO old_letters VALUES (1, 'Ärger é ñ'), (2, NULL)`,
    "INSERT INTO `odd ``table`` = 'ünïcode'; --` (`select`, `a b`, `x``y;--`) VALUES (1, 'one', NULL), (2, '\\\\', 'DROP TABLE x; --')",
    `INSERT INTO articles VALUES (1, 'the quick brown fox'), (2, 'jumps over 狐')`,
  ];
}

function allBytes(): string {
  return Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0")).join("");
}

const CODE = [
  `CREATE FUNCTION full_name(who bigint unsigned) RETURNS varchar(400) CHARSET utf8mb4 READS SQL DATA COMMENT 'it''s'
   BEGIN
     DECLARE found varchar(400) DEFAULT ';';
     SELECT concat(name, ' <', mail, '>') INTO found FROM customers WHERE id = who;
     RETURN found;
   END`,
  "CREATE PROCEDURE `forget; all`(INOUT n int) SQL SECURITY INVOKER BEGIN DELETE FROM audit; SET n = n + 1; END",
  `CREATE TRIGGER customers_inserted AFTER INSERT ON customers FOR EACH ROW INSERT INTO audit (what, customer_id) VALUES ('INSERT; it''s', NEW.id)`,
  `CREATE TRIGGER customers_changed BEFORE UPDATE ON customers FOR EACH ROW
   BEGIN
     IF NEW.name <> OLD.name THEN INSERT INTO audit (what, customer_id) VALUES ('UPDATE ☃', NEW.id); END IF;
   END`,
  `UPDATE customers SET name = concat(name, '!'), changed_at = '2024-01-01' WHERE id <= 3`,
  "CREATE VIEW `big spenders` AS SELECT c.id, c.name, sum(o.total) AS spent FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id, c.name HAVING spent > 1000",
  "CREATE SQL SECURITY INVOKER VIEW a_view_on_view AS SELECT name FROM `big spenders` WHERE spent > 5000",
  `CREATE EVENT nightly ON SCHEDULE EVERY 1 DAY STARTS '2037-01-01 03:00:00' COMMENT 'tidy; up' DO BEGIN DELETE FROM audit WHERE id < 0; END`,
];
