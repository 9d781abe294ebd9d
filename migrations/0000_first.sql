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
--> statement-breakpoint
CREATE TABLE `login_limits` (
	`key` text PRIMARY KEY NOT NULL,
	`points` integer DEFAULT 0 NOT NULL,
	`expire` integer
) STRICT;
--> statement-breakpoint
CREATE TABLE `operator_actions` (
	`id` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`run_id` text NOT NULL,
	`action` text NOT NULL,
	`by` text NOT NULL,
	`reason` text NOT NULL
) STRICT;
--> statement-breakpoint
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
--> statement-breakpoint
CREATE UNIQUE INDEX `orders_client` ON `orders` (`client_id`);--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`started_at_ms` integer NOT NULL,
	`ended_at_ms` integer,
	`venue` text NOT NULL,
	`version` text NOT NULL,
	`seed` text NOT NULL,
	`exit_reason` text
) STRICT;
--> statement-breakpoint
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
--> statement-breakpoint
CREATE UNIQUE INDEX `sessions_token` ON `sessions` (`token_sha256`);--> statement-breakpoint
CREATE INDEX `sessions_user` ON `sessions` (`user_id`);--> statement-breakpoint
CREATE TABLE `settings` (
	`key` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
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
--> statement-breakpoint
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
--> statement-breakpoint
CREATE UNIQUE INDEX `trades_exec` ON `trades` (`exec_id`);--> statement-breakpoint
CREATE INDEX `trades_symbol` ON `trades` (`symbol`);--> statement-breakpoint
CREATE TABLE `user_profiles` (
	`user_id` integer PRIMARY KEY NOT NULL,
	`theme` text DEFAULT 'system' NOT NULL,
	`updated_at_ms` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
) STRICT;
--> statement-breakpoint
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
--> statement-breakpoint
CREATE UNIQUE INDEX `users_name` ON `users` (lower("name"));