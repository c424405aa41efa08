DROP INDEX `settlement_reversed_once`;--> statement-breakpoint
CREATE UNIQUE INDEX `settlement_reversed_once` ON `settlement` (`reverses`) WHERE "settlement"."reverses" is not null;--> statement-breakpoint
DROP INDEX `his_document_reversed_once`;--> statement-breakpoint
DROP INDEX `his_document_of_person`;--> statement-breakpoint
CREATE UNIQUE INDEX `his_document_reversed_once` ON `his_document` (`hospital_code`,`reverses`) WHERE "his_document"."reverses" is not null;--> statement-breakpoint
CREATE INDEX `his_document_of_person` ON `his_document` (`psn_blind`,`setl_id`);