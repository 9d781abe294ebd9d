DROP TABLE `operator_actions`;--> statement-breakpoint
DROP TABLE `settings`;
