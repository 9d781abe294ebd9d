ALTER TABLE `interventions` ADD `command_id` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `interventions` ADD `symbol` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `interventions` ADD `verdict` text DEFAULT 'executed' NOT NULL;--> statement-breakpoint
CREATE INDEX `interventions_command` ON `interventions` (`command_id`);