CREATE TABLE `fill_hours` (
	`account_key` text NOT NULL,
	`is_ours` integer NOT NULL,
	`hour_at_ms` integer NOT NULL,
	`symbol` text NOT NULL,
	`strategy` text NOT NULL,
	`side` text NOT NULL,
	`is_maker` integer NOT NULL,
	`exec_kind` text NOT NULL,
	`count` integer NOT NULL,
	`value` text NOT NULL,
	`fee` text NOT NULL,
	`funding` text NOT NULL,
	`realised_pnl` text NOT NULL,
	`first_id` integer NOT NULL,
	`last_id` integer NOT NULL,
	PRIMARY KEY(`account_key`, `is_ours`, `hour_at_ms`, `symbol`, `strategy`, `side`, `is_maker`, `exec_kind`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `fill_hours_last` ON `fill_hours` (`last_id`);--> statement-breakpoint
ALTER TABLE `denials` ADD `account_key` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `denials` ADD `times` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `life` text DEFAULT '[]' NOT NULL;