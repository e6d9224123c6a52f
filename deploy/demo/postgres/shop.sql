-- A small shop to try SafeBase on: docker-compose.yml, profile demo.
CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, email text UNIQUE, joined_at timestamptz DEFAULT now());
CREATE TABLE products (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, price numeric(10,2) NOT NULL CHECK (price > 0), details jsonb);
CREATE TABLE orders (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, ordered_at timestamptz NOT NULL);
CREATE TABLE order_lines (order_id int REFERENCES orders, product_id int REFERENCES products, quantity int NOT NULL, PRIMARY KEY (order_id, product_id));
INSERT INTO customers (name, email) SELECT 'Customer ' || n, 'customer' || n || '@example.org' FROM generate_series(1, 500) n;
INSERT INTO products (name, price, details) SELECT 'Product ' || n, n * 1.25, jsonb_build_object('weight_g', n * 10, 'tags', ARRAY['new', 'été']) FROM generate_series(1, 100) n;
INSERT INTO orders (customer_id, ordered_at) SELECT 1 + n % 500, timestamptz '2026-01-01' + n * interval '1 hour' FROM generate_series(1, 5000) n;
INSERT INTO order_lines SELECT n, 1 + (n * k) % 100, k FROM generate_series(1, 5000) n, generate_series(1, 3) k ON CONFLICT DO NOTHING;
CREATE VIEW turnover AS SELECT date_trunc('month', ordered_at) AS month, sum(quantity * price) AS total
  FROM orders JOIN order_lines ON order_id = orders.id JOIN products ON product_id = products.id GROUP BY 1;
