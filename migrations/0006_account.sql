CREATE TABLE `accounts` (
	`account_key` text PRIMARY KEY NOT NULL,
	`first_run_id` text NOT NULL,
	`first_seen_at_ms` integer NOT NULL,
	`since_venue_at_ms` integer,
	`whole_until_venue_at_ms` integer,
	`realised` text NOT NULL,
	`fees` text NOT NULL,
	`funding` text NOT NULL,
	`apart` text NOT NULL,
	`agreed_wallet` text,
	`agreed_cash` text,
	`agreed_venue_at_ms` integer
) STRICT;
--> statement-breakpoint
CREATE TABLE `days` (
	`account_key` text NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`net` text NOT NULL,
	`is_seen` integer NOT NULL,
	PRIMARY KEY(`account_key`, `starts_at_ms`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `positions` (
	`account_key` text NOT NULL,
	`symbol` text NOT NULL,
	`qty_text` text NOT NULL,
	`cost` text NOT NULL,
	`mark_text` text NOT NULL,
	`owner` text NOT NULL,
	`is_foreign` integer NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`adopted_venue_at_ms` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_key`, `symbol`)
) STRICT;
--> statement-breakpoint
DROP INDEX `trades_exec`;--> statement-breakpoint
DROP INDEX `trades_symbol`;--> statement-breakpoint
ALTER TABLE `trades` ADD `account_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `trades` ADD `is_ours` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX `trades_exec` ON `trades` (`account_key`,`exec_id`);--> statement-breakpoint
CREATE INDEX `trades_symbol` ON `trades` (`account_key`,`symbol`);--> statement-breakpoint
CREATE TABLE `__new_symbol_profiles` (
	`account_key` text DEFAULT '' NOT NULL,
	`symbol` text NOT NULL,
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
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_key`, `symbol`)
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_symbol_profiles`("account_key", "symbol", "samples", "spread_bps", "volatility_bps_1m", "trades_per_min", "turnover_24h_usdt", "top_depth_usdt", "fills", "maker_fills", "net_pnl_usdt", "category", "score", "updated_at_ms") SELECT '', "symbol", "samples", "spread_bps", "volatility_bps_1m", "trades_per_min", "turnover_24h_usdt", "top_depth_usdt", "fills", "maker_fills", "net_pnl_usdt", "category", "score", "updated_at_ms" FROM `symbol_profiles`;--> statement-breakpoint
DROP TABLE `symbol_profiles`;--> statement-breakpoint
ALTER TABLE `__new_symbol_profiles` RENAME TO `symbol_profiles`;--> statement-breakpoint
ALTER TABLE `equity_points` ADD `account_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `interventions` ADD `account_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `account_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `runs` ADD `account_key` text DEFAULT '' NOT NULL;