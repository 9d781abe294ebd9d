CREATE TABLE `venue_memories` (
	`place` text NOT NULL,
	`name` text NOT NULL,
	`value` blob NOT NULL,
	`at_ms` integer NOT NULL,
	PRIMARY KEY(`place`, `name`)
) STRICT;
