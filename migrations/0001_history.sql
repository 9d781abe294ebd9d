CREATE TABLE `equity_points` (
	`at_ms` integer PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`equity` text NOT NULL,
	`unrealised` text NOT NULL,
	`exposure_usdt` real NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `incidents` (
	`id` integer PRIMARY KEY NOT NULL,
	`incident_id` text NOT NULL,
	`run_id` text NOT NULL,
	`service` text NOT NULL,
	`severity` text NOT NULL,
	`cause` text NOT NULL,
	`from_ms` integer NOT NULL,
	`until_ms` integer
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `incidents_id` ON `incidents` (`incident_id`);--> statement-breakpoint
CREATE TABLE `interventions` (
	`id` integer PRIMARY KEY NOT NULL,
	`intervention_id` text NOT NULL,
	`at_ms` integer NOT NULL,
	`run_id` text NOT NULL,
	`action` text NOT NULL,
	`cause` text NOT NULL,
	`is_automatic` integer NOT NULL,
	`by` text NOT NULL,
	`reason` text NOT NULL,
	`outcome` text NOT NULL,
	`is_done` integer NOT NULL,
	`outcome_at_ms` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `interventions_id` ON `interventions` (`intervention_id`);--> statement-breakpoint
ALTER TABLE `orders` ADD `price_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `qty_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `filled_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `orders` ADD `stop_loss_text` text DEFAULT '' NOT NULL;--> statement-breakpoint
INSERT INTO `interventions` (`id`, `intervention_id`, `at_ms`, `run_id`, `action`, `cause`, `is_automatic`, `by`, `reason`, `outcome`, `is_done`, `outcome_at_ms`)
SELECT `id`, `run_id` || '-' || `id`, `at_ms`, `run_id`, `action`,
	CASE WHEN `by` <> 'scalper' THEN 'operator' WHEN `action` = 'halt' THEN 'record' ELSE 'stopping' END,
	`by` = 'scalper', `by`, `reason`, '', 1, `at_ms`
FROM `operator_actions` ORDER BY `id`;
