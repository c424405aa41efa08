CREATE TABLE `register_psn_no` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`psn_blind` text NOT NULL,
	`person_blind` text NOT NULL,
	`sealed_reason` text NOT NULL,
	`draft_id` text,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`draft_id`) REFERENCES `register_draft`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `register_psn_no_of` ON `register_psn_no` (`psn_blind`,`id`);--> statement-breakpoint
CREATE TRIGGER `register_psn_no_no_update` BEFORE UPDATE ON `register_psn_no` BEGIN SELECT RAISE(ABORT, 'append-only: register_psn_no'); END;
--> statement-breakpoint
CREATE TRIGGER `register_psn_no_no_delete` BEFORE DELETE ON `register_psn_no` BEGIN SELECT RAISE(ABORT, 'append-only: register_psn_no'); END;
