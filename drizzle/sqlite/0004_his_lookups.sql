CREATE INDEX `his_call_by_time` ON `his_call` (`at`);--> statement-breakpoint
CREATE UNIQUE INDEX `his_document_reversed_once` ON `his_document` (`hospital_code`,`reverses`);--> statement-breakpoint
CREATE INDEX `his_document_of_key` ON `his_document` (`hospital_code`,`key`);--> statement-breakpoint
CREATE INDEX `his_document_missed` ON `his_document` (`at`) WHERE "his_document"."missed" is not null;--> statement-breakpoint
CREATE INDEX `his_message_of_request` ON `his_message` (`hospital_code`,`msgid`,`infno`);