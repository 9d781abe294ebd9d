CREATE TABLE `mark_outs` (
	`account_key` text NOT NULL,
	`exec_id` text NOT NULL,
	`mid_at_fill` text NOT NULL,
	`mid_after_1s` text,
	`mid_after_5s` text,
	`mid_after_30s` text,
	PRIMARY KEY(`account_key`, `exec_id`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `money_cursors` (
	`account_key` text PRIMARY KEY NOT NULL,
	`time_zone` text NOT NULL,
	`through_trade_id` integer NOT NULL,
	`open_trips` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `money_days` (
	`account_key` text NOT NULL,
	`starts_at_ms` integer NOT NULL,
	`symbol` text NOT NULL,
	`strategy` text NOT NULL,
	`spread_nano` integer NOT NULL,
	`spread_rest` integer NOT NULL,
	`moved_nano` integer NOT NULL,
	`moved_rest` integer NOT NULL,
	`not_known_nano` integer NOT NULL,
	`not_known_rest` integer NOT NULL,
	`maker_fees_nano` integer NOT NULL,
	`maker_fees_rest` integer NOT NULL,
	`taker_fees_nano` integer NOT NULL,
	`taker_fees_rest` integer NOT NULL,
	`funding_nano` integer NOT NULL,
	`funding_rest` integer NOT NULL,
	`other_nano` integer NOT NULL,
	`other_rest` integer NOT NULL,
	`trips` integer NOT NULL,
	`won` integer NOT NULL,
	`fills` integer NOT NULL,
	`value` real NOT NULL,
	`maker_value` real NOT NULL,
	`known_fills` integer NOT NULL,
	`known_value` real NOT NULL,
	`edge` real NOT NULL,
	`value_1s` real NOT NULL,
	`move_1s` real NOT NULL,
	`value_5s` real NOT NULL,
	`move_5s` real NOT NULL,
	`value_30s` real NOT NULL,
	`move_30s` real NOT NULL,
	PRIMARY KEY(`account_key`, `starts_at_ms`, `symbol`, `strategy`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `money_hours` (
	`account_key` text NOT NULL,
	`day_starts_at_ms` integer NOT NULL,
	`hour` integer NOT NULL,
	`symbol` text NOT NULL,
	`net_nano` integer NOT NULL,
	`net_rest` integer NOT NULL,
	`fills` integer NOT NULL,
	PRIMARY KEY(`account_key`, `day_starts_at_ms`, `hour`, `symbol`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `round_trips` (
	`id` integer PRIMARY KEY NOT NULL,
	`account_key` text NOT NULL,
	`symbol` text NOT NULL,
	`side` text NOT NULL,
	`strategy` text NOT NULL,
	`opened_at_ms` integer NOT NULL,
	`closed_at_ms` integer NOT NULL,
	`qty_text` text NOT NULL,
	`entry_price_text` text NOT NULL,
	`exit_price_text` text NOT NULL,
	`entered_value` text NOT NULL,
	`gross` text NOT NULL,
	`fees` text NOT NULL,
	`funding` text NOT NULL,
	`net_nano` integer NOT NULL,
	`net_rest` integer NOT NULL,
	`net_bps` real,
	`fills` integer NOT NULL,
	`maker_share` real NOT NULL,
	`entry_client_id` text NOT NULL,
	`exit_client_id` text NOT NULL,
	`entry_reason` text NOT NULL,
	`exit_reason` text NOT NULL,
	`exit_kind` text NOT NULL,
	`is_whole` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `round_trips_closed` ON `round_trips` (`account_key`,`closed_at_ms`);--> statement-breakpoint
ALTER TABLE `equity_points` ADD `fees` text DEFAULT '' NOT NULL;