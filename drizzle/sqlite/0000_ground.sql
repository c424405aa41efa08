CREATE TABLE `account_total` (
	`account` text PRIMARY KEY NOT NULL,
	`debit_fen` integer NOT NULL,
	`credit_fen` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `audit_record` (
	`lane` text NOT NULL,
	`seq` integer NOT NULL,
	`at` integer NOT NULL,
	`actor` text NOT NULL,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`detail` text NOT NULL,
	`hash` text NOT NULL,
	PRIMARY KEY(`lane`, `seq`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `counter` (
	`owner` text NOT NULL,
	`key` text NOT NULL,
	`value` integer NOT NULL,
	PRIMARY KEY(`owner`, `key`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `holding` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`person_id` integer NOT NULL,
	`category` text NOT NULL,
	`from_day` text NOT NULL,
	`held` integer NOT NULL,
	`batch_id` text NOT NULL,
	`recorded_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `holding_of` ON `holding` (`person_id`,`category`,`from_day`,`id`);--> statement-breakpoint
CREATE TABLE `hospital` (
	`code` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`level` integer NOT NULL,
	`admdvs` text NOT NULL,
	`designated_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `hospital_status` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`hospital_code` text NOT NULL,
	`status` text NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`hospital_code`) REFERENCES `hospital`(`code`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `hospital_status_of` ON `hospital_status` (`hospital_code`,`id`);--> statement-breakpoint
CREATE TABLE `lane` (
	`name` text PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`head` text NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `person` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id_type` text NOT NULL,
	`blind` text NOT NULL,
	`sealed_id` text NOT NULL,
	`born_on` text NOT NULL,
	`sex` text NOT NULL,
	`recorded_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `person_blind_unique` ON `person` (`blind`);--> statement-breakpoint
CREATE TABLE `person_record` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`person_id` integer NOT NULL,
	`sealed_name` text NOT NULL,
	`name_blind` text NOT NULL,
	`household` text,
	`township` text NOT NULL,
	`admdvs` text NOT NULL,
	`died_on` text,
	`batch_id` text NOT NULL,
	`recorded_at` integer NOT NULL,
	FOREIGN KEY (`person_id`) REFERENCES `person`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `person_record_of` ON `person_record` (`person_id`,`id`);--> statement-breakpoint
CREATE TABLE `posting` (
	`ledger_seq` integer NOT NULL,
	`leg` integer NOT NULL,
	`account` text NOT NULL,
	`debit_fen` integer NOT NULL,
	`credit_fen` integer NOT NULL,
	PRIMARY KEY(`ledger_seq`, `leg`),
	CONSTRAINT "posting_one_side" CHECK(("posting"."debit_fen" = 0) <> ("posting"."credit_fen" = 0))
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `register_approval` (
	`draft_id` text PRIMARY KEY NOT NULL,
	`drafted_by` text NOT NULL,
	`approved_by` text NOT NULL,
	`approved_at` integer NOT NULL,
	FOREIGN KEY (`draft_id`) REFERENCES `register_draft`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "register_four_eyes" CHECK("register_approval"."drafted_by" <> "register_approval"."approved_by")
) STRICT;
--> statement-breakpoint
CREATE TABLE `register_draft` (
	`id` text PRIMARY KEY NOT NULL,
	`source` text NOT NULL,
	`sealed_rows` text NOT NULL,
	`summary` text NOT NULL,
	`drafted_by` text NOT NULL,
	`drafted_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `request` (
	`terminal_id` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`status` integer NOT NULL,
	`settlement_no` text,
	`body` text,
	`at` integer NOT NULL,
	PRIMARY KEY(`terminal_id`, `key`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `rule_draft` (
	`id` text PRIMARY KEY NOT NULL,
	`scheme` text NOT NULL,
	`version` text NOT NULL,
	`text` text NOT NULL,
	`hash` text NOT NULL,
	`drafted_by` text NOT NULL,
	`drafted_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `rule_publication` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`draft_id` text NOT NULL,
	`drafted_by` text NOT NULL,
	`approved_by` text NOT NULL,
	`approved_at` integer NOT NULL,
	FOREIGN KEY (`draft_id`) REFERENCES `rule_draft`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "rule_four_eyes" CHECK("rule_publication"."drafted_by" <> "rule_publication"."approved_by")
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `rule_publication_draft_id_unique` ON `rule_publication` (`draft_id`);--> statement-breakpoint
CREATE TABLE `settlement` (
	`ledger_seq` integer PRIMARY KEY NOT NULL,
	`settlement_no` text NOT NULL,
	`kind` text NOT NULL,
	`reverses` text,
	`hospital_code` text NOT NULL,
	`terminal_id` text NOT NULL,
	`bill_no` text NOT NULL,
	`attempt` integer NOT NULL,
	`person_id` integer NOT NULL,
	`person_record_id` integer NOT NULL,
	`household` text NOT NULL,
	`township` text NOT NULL,
	`category` text,
	`care_type` text NOT NULL,
	`scheme` text NOT NULL,
	`version` text NOT NULL,
	`rule_hash` text NOT NULL,
	`decision` text NOT NULL,
	`business_day` text NOT NULL,
	`year` integer NOT NULL,
	`total_fen` integer NOT NULL,
	`insurance_fen` integer NOT NULL,
	`other_fen` integer NOT NULL,
	`assistance_fen` integer NOT NULL,
	`patient_fen` integer NOT NULL,
	`settled_at` integer NOT NULL,
	`bill` text NOT NULL,
	`facts` text NOT NULL,
	`answer` text NOT NULL,
	CONSTRAINT "settlement_kind" CHECK("settlement"."kind" in ('settlement', 'reversal'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `settlement_by_no` ON `settlement` (`settlement_no`);--> statement-breakpoint
CREATE UNIQUE INDEX `settlement_reversed_once` ON `settlement` (`reverses`);--> statement-breakpoint
CREATE UNIQUE INDEX `settlement_of_bill` ON `settlement` (`hospital_code`,`bill_no`,`attempt`,`kind`);--> statement-breakpoint
CREATE INDEX `settlement_of_person` ON `settlement` (`person_id`,`ledger_seq`);--> statement-breakpoint
CREATE INDEX `settlement_by_time` ON `settlement` (`settled_at`);--> statement-breakpoint
CREATE TABLE `staff` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`roles` text NOT NULL,
	`token_hash` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `staff_token_hash_unique` ON `staff` (`token_hash`);--> statement-breakpoint
CREATE TABLE `staff_revocation` (
	`staff_id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`staff_id`) REFERENCES `staff`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `statement_print` (
	`settlement_no` text NOT NULL,
	`nth` integer NOT NULL,
	`lang` text NOT NULL,
	`paper` text NOT NULL,
	`terminal_id` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`settlement_no`, `nth`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `terminal` (
	`id` text PRIMARY KEY NOT NULL,
	`hospital_code` text NOT NULL,
	`label` text NOT NULL,
	`key_hash` text NOT NULL,
	`signing_key` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`hospital_code`) REFERENCES `hospital`(`code`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `terminal_key_hash_unique` ON `terminal` (`key_hash`);--> statement-breakpoint
CREATE TABLE `terminal_revocation` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`terminal_id`) REFERENCES `terminal`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
