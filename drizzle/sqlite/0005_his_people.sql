CREATE INDEX `his_document_of_person` ON `his_document` (`hospital_code`,`psn_blind`);--> statement-breakpoint
CREATE INDEX `his_message_of_person` ON `his_message` (`hospital_code`,`psn_blind`,`id`);