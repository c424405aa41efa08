CREATE TABLE `clearing_application` (
	`id` text PRIMARY KEY NOT NULL,
	`hospital_code` text NOT NULL,
	`clr_type` text NOT NULL,
	`month` text NOT NULL,
	`from_day` text NOT NULL,
	`to_day` text NOT NULL,
	`theirs` text NOT NULL,
	`ours` text NOT NULL,
	`at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `clearing_application_of` ON `clearing_application` (`hospital_code`,`month`);--> statement-breakpoint
CREATE TABLE `clearing_withdrawal` (
	`application_id` text PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	FOREIGN KEY (`application_id`) REFERENCES `clearing_application`(`id`) ON UPDATE no action ON DELETE no action
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `his_call` (
	`hospital_code` text NOT NULL,
	`key` text NOT NULL,
	`fingerprint` text NOT NULL,
	`mdtrt_id` text NOT NULL,
	`bill_no` text,
	`psn_blind` text NOT NULL,
	`sealed` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`hospital_code`, `key`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `his_call_of_visit` ON `his_call` (`hospital_code`,`mdtrt_id`);--> statement-breakpoint
CREATE TABLE `his_document` (
	`hospital_code` text NOT NULL,
	`setl_id` text NOT NULL,
	`kind` text NOT NULL,
	`reverses` text,
	`settlement_no` text,
	`missed` text,
	`key` text NOT NULL,
	`mdtrt_id` text NOT NULL,
	`bill_no` text NOT NULL,
	`psn_blind` text NOT NULL,
	`insutype` text NOT NULL,
	`clr_type` text NOT NULL,
	`setl_optins` text NOT NULL,
	`setl_day` text NOT NULL,
	`medfee_fen` integer NOT NULL,
	`fund_fen` integer NOT NULL,
	`acct_fen` integer NOT NULL,
	`cash_fen` integer NOT NULL,
	`assistance_fen` integer NOT NULL,
	`sealed` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`hospital_code`, `setl_id`),
	CONSTRAINT "his_document_kind" CHECK("his_document"."kind" in ('settlement', 'reversal'))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `his_document_of_settlement` ON `his_document` (`settlement_no`);--> statement-breakpoint
CREATE INDEX `his_document_of_visit` ON `his_document` (`hospital_code`,`mdtrt_id`);--> statement-breakpoint
CREATE INDEX `his_document_by_day` ON `his_document` (`hospital_code`,`setl_day`);--> statement-breakpoint
CREATE TABLE `his_file` (
	`file_qury_no` text PRIMARY KEY NOT NULL,
	`hospital_code` text NOT NULL,
	`filename` text NOT NULL,
	`sealed` text NOT NULL,
	`at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `his_message` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`hospital_code` text NOT NULL,
	`mdtrt_id` text NOT NULL,
	`infno` text NOT NULL,
	`msgid` text NOT NULL,
	`psn_blind` text NOT NULL,
	`sealed` text NOT NULL,
	`at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE INDEX `his_message_of_visit` ON `his_message` (`hospital_code`,`mdtrt_id`,`id`);--> statement-breakpoint
CREATE TABLE `his_person` (
	`psn_blind` text PRIMARY KEY NOT NULL,
	`person_blind` text NOT NULL,
	`at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `his_upstream` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`admdvs` text NOT NULL,
	`url` text NOT NULL,
	`style` text NOT NULL,
	`timeout_ms` integer NOT NULL,
	`sealed_credential` text,
	`at` integer NOT NULL,
	`by` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `hospital_his` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`hospital_code` text NOT NULL,
	`mode` text NOT NULL,
	`at` integer NOT NULL,
	`by` text NOT NULL,
	CONSTRAINT "hospital_his_mode" CHECK("hospital_his"."mode" in ('second_step', 'in_between'))
) STRICT;
--> statement-breakpoint
CREATE INDEX `hospital_his_of` ON `hospital_his` (`hospital_code`,`id`);--> statement-breakpoint
CREATE TABLE `reconciliation` (
	`id` text PRIMARY KEY NOT NULL,
	`hospital_code` text NOT NULL,
	`infno` text NOT NULL,
	`insutype` text,
	`clr_type` text,
	`setl_optins` text NOT NULL,
	`from_day` text NOT NULL,
	`to_day` text NOT NULL,
	`theirs` text NOT NULL,
	`ours` text NOT NULL,
	`result` text NOT NULL,
	`at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `reconciliation_of` ON `reconciliation` (`hospital_code`,`at`);--> statement-breakpoint
CREATE TABLE `terminal_sm2` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`public_key` text NOT NULL,
	`at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `terminal_tif` (
	`terminal_id` text PRIMARY KEY NOT NULL,
	`paasid` text NOT NULL,
	`sealed_secret` text NOT NULL,
	`at` integer NOT NULL
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE UNIQUE INDEX `terminal_tif_paasid_unique` ON `terminal_tif` (`paasid`);