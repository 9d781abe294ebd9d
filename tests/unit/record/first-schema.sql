-- A database as version 0.1.0 left it (its migration 0000 alone), with a row of each kind.
CREATE TABLE `denials` (
	`id` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`run_id` text NOT NULL,
	`symbol` text NOT NULL,
	`side` text NOT NULL,
	`purpose` text NOT NULL,
	`strategy` text NOT NULL,
	`code` text NOT NULL,
	`reason` text NOT NULL
) STRICT;
CREATE TABLE `login_limits` (
	`key` text PRIMARY KEY NOT NULL,
	`points` integer DEFAULT 0 NOT NULL,
	`expire` integer
) STRICT;
CREATE TABLE migrations (number INTEGER PRIMARY KEY, tag TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT;
CREATE TABLE `operator_actions` (
	`id` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`run_id` text NOT NULL,
	`action` text NOT NULL,
	`by` text NOT NULL,
	`reason` text NOT NULL
) STRICT;
CREATE TABLE `orders` (
	`id` integer PRIMARY KEY NOT NULL,
	`client_id` text NOT NULL,
	`run_id` text NOT NULL,
	`symbol` text NOT NULL,
	`venue_order_id` text,
	`side` text NOT NULL,
	`type` text NOT NULL,
	`time_in_force` text NOT NULL,
	`price_ticks` integer,
	`qty_steps` integer NOT NULL,
	`filled_steps` integer NOT NULL,
	`stop_loss_ticks` integer,
	`reduce_only` integer NOT NULL,
	`purpose` text NOT NULL,
	`strategy` text NOT NULL,
	`state` text NOT NULL,
	`detail` text NOT NULL,
	`reason` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL
) STRICT;
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`venue` text NOT NULL,
	`version` text NOT NULL,
	`seed` text NOT NULL,
	`exit_reason` text
) STRICT;
CREATE TABLE `sessions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`token_sha256` text NOT NULL,
	`user_id` integer NOT NULL,
	`csrf_token` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`last_seen_at_ms` integer NOT NULL,
	`expires_at_ms` integer NOT NULL,
	`address` text DEFAULT '' NOT NULL,
	`user_agent` text DEFAULT '' NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at_ms` integer NOT NULL
) STRICT;
CREATE TABLE `symbol_profiles` (
	`symbol` text PRIMARY KEY NOT NULL,
	`samples` integer NOT NULL,
	`spread_bps` real NOT NULL,
	`volatility_bps_1m` real NOT NULL,
	`trades_per_min` real NOT NULL,
	`turnover_24h_usdt` real NOT NULL,
	`top_depth_usdt` real NOT NULL,
	`fills` integer NOT NULL,
	`maker_fills` integer NOT NULL,
	`net_pnl_usdt` real NOT NULL,
	`category` text NOT NULL,
	`score` real NOT NULL,
	`updated_at_ms` integer NOT NULL
) STRICT;
CREATE TABLE `trades` (
	`id` integer PRIMARY KEY NOT NULL,
	`exec_id` text NOT NULL,
	`exec_kind` text NOT NULL,
	`run_id` text NOT NULL,
	`symbol_id` integer NOT NULL,
	`symbol` text NOT NULL,
	`venue_order_id` text NOT NULL,
	`client_id` text NOT NULL,
	`strategy` text NOT NULL,
	`side` text NOT NULL,
	`price_ticks` integer NOT NULL,
	`qty_steps` integer NOT NULL,
	`price_text` text NOT NULL,
	`qty_text` text NOT NULL,
	`value` text NOT NULL,
	`fee` text NOT NULL,
	`funding` text NOT NULL,
	`realised_pnl` text NOT NULL,
	`position_steps` integer NOT NULL,
	`is_maker` integer NOT NULL,
	`venue_at_ms` integer NOT NULL,
	`at_ms` integer NOT NULL
) STRICT;
CREATE TABLE `user_profiles` (
	`user_id` integer PRIMARY KEY NOT NULL,
	`theme` text DEFAULT 'system' NOT NULL,
	`updated_at_ms` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
CREATE TABLE `users` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`password_hash` text NOT NULL,
	`role` text NOT NULL,
	`created_at_ms` integer NOT NULL,
	`password_changed_at_ms` integer NOT NULL,
	`failed_logins` integer DEFAULT 0 NOT NULL,
	`last_failed_at_ms` integer,
	`last_login_at_ms` integer
) STRICT;
CREATE UNIQUE INDEX `orders_client` ON `orders` (`client_id`);
CREATE UNIQUE INDEX `sessions_token` ON `sessions` (`token_sha256`);
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);
CREATE UNIQUE INDEX `trades_exec` ON `trades` (`exec_id`);
CREATE INDEX `trades_symbol` ON `trades` (`symbol`);
CREATE UNIQUE INDEX `users_name` ON `users` (lower("name"));
INSERT INTO denials ("id", "at_ms", "run_id", "symbol", "side", "purpose", "strategy", "code", "reason") VALUES (1, 1767323045678, 'mjwaidke', 'BTCUSDT', 'sell', 'entry', 'maker', 'BOOK_MISSING', '{"code":"BOOK_MISSING"}');
INSERT INTO migrations ("number", "tag", "sha256", "applied_at_ms") VALUES (0, '0000_first', '519605d8a4219db2629abc1b97a695efbf3563b41cb962b86485cdf109e7b2f9', 1767323045678);
INSERT INTO operator_actions ("id", "at_ms", "run_id", "action", "by", "reason") VALUES (1, 1767323046678, 'mjwaidke', 'halt', 'ann', 'news');
INSERT INTO operator_actions ("id", "at_ms", "run_id", "action", "by", "reason") VALUES (2, 1767323047678, 'mjwaidke', 'resume', 'ann', 'over');
INSERT INTO operator_actions ("id", "at_ms", "run_id", "action", "by", "reason") VALUES (3, 1767323048678, 'mjwaidke', 'halt', 'scalper', 'the record cannot be kept: disk full');
INSERT INTO operator_actions ("id", "at_ms", "run_id", "action", "by", "reason") VALUES (4, 1767323049678, 'mjwaidke', 'flatten', 'bob', 'weekend');
INSERT INTO operator_actions ("id", "at_ms", "run_id", "action", "by", "reason") VALUES (5, 1767323050678, 'mjwaidke', 'cancel_all', 'scalper', 'stopping: SIGTERM');
INSERT INTO orders ("id", "client_id", "run_id", "symbol", "venue_order_id", "side", "type", "time_in_force", "price_ticks", "qty_steps", "filled_steps", "stop_loss_ticks", "reduce_only", "purpose", "strategy", "state", "detail", "reason", "created_at_ms", "updated_at_ms") VALUES (1, 'c1', 'mjwaidke', 'BTCUSDT', 'v1', 'sell', 'limit', 'post_only', 1000010, 7, 0, 1010000, 0, 'entry', 'maker', 'closed', '', 'imbalance 0.4', 1767323045678, 1767323045678);
INSERT INTO runs ("id", "started_at_ms", "ended_at_ms", "venue", "version", "seed", "exit_reason") VALUES ('mjwaidke', 1767323045678, 1767323051678, 'sim', '0.1.0', 's', 'SIGTERM');
INSERT INTO settings ("key", "value", "updated_at_ms") VALUES ('theme', 'dark', 1);
INSERT INTO trades ("id", "exec_id", "exec_kind", "run_id", "symbol_id", "symbol", "venue_order_id", "client_id", "strategy", "side", "price_ticks", "qty_steps", "price_text", "qty_text", "value", "fee", "funding", "realised_pnl", "position_steps", "is_maker", "venue_at_ms", "at_ms") VALUES (1, 'e1', 'trade', 'mjwaidke', 3, 'BTCUSDT', 'venue-1', 'run-maker-1', 'maker', 'buy', 1000005, 7, '100000.50', '0.007', '700.0035', '0.140000700000000001', '0', '-0.000000000000000001', -7, 1, 1767323045673, 1767323045678);
INSERT INTO users ("id", "name", "password_hash", "role", "created_at_ms", "password_changed_at_ms", "failed_logins", "last_failed_at_ms", "last_login_at_ms") VALUES (1, 'ann', 'hash', 'operator', 1, 1, 0, NULL, NULL);
