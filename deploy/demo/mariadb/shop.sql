-- A small shop to try SafeBase on: docker-compose.yml, profile demo. As in ../postgres, and an account for SafeBase that may make databases.
CREATE TABLE customers (id int AUTO_INCREMENT PRIMARY KEY, name varchar(100) NOT NULL, email varchar(100) UNIQUE, joined_at timestamp DEFAULT current_timestamp);
CREATE TABLE products (id int AUTO_INCREMENT PRIMARY KEY, name varchar(100) NOT NULL, price decimal(10,2) NOT NULL CHECK (price > 0), details json);
CREATE TABLE orders (id int AUTO_INCREMENT PRIMARY KEY, customer_id int NOT NULL, ordered_at datetime NOT NULL, FOREIGN KEY (customer_id) REFERENCES customers (id));
CREATE TABLE order_lines (order_id int, product_id int, quantity int NOT NULL, PRIMARY KEY (order_id, product_id),
  FOREIGN KEY (order_id) REFERENCES orders (id), FOREIGN KEY (product_id) REFERENCES products (id));
INSERT INTO customers (name, email) SELECT concat('Customer ', seq), concat('customer', seq, '@example.org') FROM seq_1_to_500;
INSERT INTO products (name, price, details) SELECT concat('Product ', seq), seq * 1.25, json_object('weight_g', seq * 10, 'tag', 'été') FROM seq_1_to_100;
INSERT INTO orders (customer_id, ordered_at) SELECT 1 + seq % 500, '2026-01-01' + INTERVAL seq HOUR FROM seq_1_to_5000;
INSERT IGNORE INTO order_lines SELECT o.seq, 1 + (o.seq * k.seq) % 100, k.seq FROM seq_1_to_5000 o, seq_1_to_3 k;
CREATE VIEW turnover AS SELECT date_format(ordered_at, '%Y-%m') AS month, sum(quantity * price) AS total
  FROM orders JOIN order_lines ON order_id = orders.id JOIN products ON product_id = products.id GROUP BY 1;
CREATE USER 'demo'@'%' IDENTIFIED BY 'demo';
GRANT ALL ON *.* TO 'demo'@'%';
