CREATE TABLE `trading_states` (
	`account` text PRIMARY KEY NOT NULL,
	`run_id` text NOT NULL,
	`armed` integer NOT NULL,
	`was_armed` integer NOT NULL,
	`halt_reason` text NOT NULL,
	`halted_by` text NOT NULL,
	`halt_cause` text NOT NULL,
	`flatten` text NOT NULL,
	`symbol_halts` text NOT NULL,
	`updated_at_ms` integer NOT NULL
) STRICT;
