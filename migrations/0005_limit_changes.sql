CREATE TABLE `limit_changes` (
	`id` integer PRIMARY KEY NOT NULL,
	`at_ms` integer NOT NULL,
	`account` text NOT NULL,
	`run_id` text NOT NULL,
	`by` text NOT NULL,
	`reason` text NOT NULL,
	`name` text NOT NULL,
	`before` real NOT NULL,
	`after` real NOT NULL,
	`is_held` integer NOT NULL
) STRICT;
