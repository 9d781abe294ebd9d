CREATE TABLE `symbol_hours` (
	`account_key` text DEFAULT '' NOT NULL,
	`symbol` text NOT NULL,
	`hour` integer NOT NULL,
	`samples` integer NOT NULL,
	`spread_bps` real NOT NULL,
	`depth_usdt` real NOT NULL,
	`volatility_bps` real NOT NULL,
	`trades_per_min` real NOT NULL,
	`score` real NOT NULL,
	`entries` integer NOT NULL,
	`entries_filled` integer NOT NULL,
	`slippage_bps_sum` real NOT NULL,
	`slippage_fills` integer NOT NULL,
	`adverse_bps_sum` real NOT NULL,
	`adverse_fills` integer NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_key`, `symbol`, `hour`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `symbol_words` (
	`account_key` text DEFAULT '' NOT NULL,
	`symbol` text NOT NULL,
	`pin` text,
	`block` text,
	`note` text NOT NULL,
	`overrides` text NOT NULL,
	`by` text NOT NULL,
	`updated_at_ms` integer NOT NULL,
	PRIMARY KEY(`account_key`, `symbol`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `universe_changes` (
	`id` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`run_id` text NOT NULL,
	`account_key` text DEFAULT '' NOT NULL,
	`symbol` text NOT NULL,
	`verb` text NOT NULL,
	`score` real NOT NULL,
	`reason` text NOT NULL,
	`parts` text NOT NULL
) STRICT;
