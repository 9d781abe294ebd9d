CREATE TABLE `audit_trail` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at_ms` integer NOT NULL,
	`kind` text NOT NULL,
	`by` text NOT NULL,
	`address` text NOT NULL,
	`session` integer NOT NULL,
	`what` text NOT NULL,
	`detail` text NOT NULL,
	`outcome` text NOT NULL,
	`hash` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `health_points` (
	`step_ms` integer NOT NULL,
	`at_ms` integer NOT NULL,
	`run_id` text NOT NULL,
	`statuses` text NOT NULL,
	`downs` text NOT NULL,
	`samples` integer NOT NULL,
	`figures` text NOT NULL,
	PRIMARY KEY(`step_ms`, `at_ms`)
) STRICT;
--> statement-breakpoint
ALTER TABLE `users` ADD `disabled_at_ms` integer;--> statement-breakpoint
CREATE TRIGGER `audit_trail_no_update` BEFORE UPDATE ON `audit_trail` BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;--> statement-breakpoint
CREATE TRIGGER `audit_trail_no_delete` BEFORE DELETE ON `audit_trail` BEGIN SELECT RAISE(ABORT, 'the audit trail is only added to'); END;
