-- History is append-only: what these tables hold is never changed or deleted.
CREATE TRIGGER `hospital_his_no_update` BEFORE UPDATE ON `hospital_his` BEGIN SELECT RAISE(ABORT, 'append-only: hospital_his'); END;
--> statement-breakpoint
CREATE TRIGGER `hospital_his_no_delete` BEFORE DELETE ON `hospital_his` BEGIN SELECT RAISE(ABORT, 'append-only: hospital_his'); END;
--> statement-breakpoint
CREATE TRIGGER `his_upstream_no_update` BEFORE UPDATE ON `his_upstream` BEGIN SELECT RAISE(ABORT, 'append-only: his_upstream'); END;
--> statement-breakpoint
CREATE TRIGGER `his_upstream_no_delete` BEFORE DELETE ON `his_upstream` BEGIN SELECT RAISE(ABORT, 'append-only: his_upstream'); END;
--> statement-breakpoint
CREATE TRIGGER `terminal_tif_no_update` BEFORE UPDATE ON `terminal_tif` BEGIN SELECT RAISE(ABORT, 'append-only: terminal_tif'); END;
--> statement-breakpoint
CREATE TRIGGER `terminal_tif_no_delete` BEFORE DELETE ON `terminal_tif` BEGIN SELECT RAISE(ABORT, 'append-only: terminal_tif'); END;
--> statement-breakpoint
CREATE TRIGGER `terminal_sm2_no_update` BEFORE UPDATE ON `terminal_sm2` BEGIN SELECT RAISE(ABORT, 'append-only: terminal_sm2'); END;
--> statement-breakpoint
CREATE TRIGGER `terminal_sm2_no_delete` BEFORE DELETE ON `terminal_sm2` BEGIN SELECT RAISE(ABORT, 'append-only: terminal_sm2'); END;
--> statement-breakpoint
CREATE TRIGGER `his_person_no_update` BEFORE UPDATE ON `his_person` BEGIN SELECT RAISE(ABORT, 'append-only: his_person'); END;
--> statement-breakpoint
CREATE TRIGGER `his_person_no_delete` BEFORE DELETE ON `his_person` BEGIN SELECT RAISE(ABORT, 'append-only: his_person'); END;
--> statement-breakpoint
CREATE TRIGGER `his_message_no_update` BEFORE UPDATE ON `his_message` BEGIN SELECT RAISE(ABORT, 'append-only: his_message'); END;
--> statement-breakpoint
CREATE TRIGGER `his_message_no_delete` BEFORE DELETE ON `his_message` BEGIN SELECT RAISE(ABORT, 'append-only: his_message'); END;
--> statement-breakpoint
CREATE TRIGGER `his_call_no_update` BEFORE UPDATE ON `his_call` BEGIN SELECT RAISE(ABORT, 'append-only: his_call'); END;
--> statement-breakpoint
CREATE TRIGGER `his_call_no_delete` BEFORE DELETE ON `his_call` BEGIN SELECT RAISE(ABORT, 'append-only: his_call'); END;
--> statement-breakpoint
CREATE TRIGGER `his_document_no_update` BEFORE UPDATE ON `his_document` BEGIN SELECT RAISE(ABORT, 'append-only: his_document'); END;
--> statement-breakpoint
CREATE TRIGGER `his_document_no_delete` BEFORE DELETE ON `his_document` BEGIN SELECT RAISE(ABORT, 'append-only: his_document'); END;
--> statement-breakpoint
CREATE TRIGGER `his_file_no_update` BEFORE UPDATE ON `his_file` BEGIN SELECT RAISE(ABORT, 'append-only: his_file'); END;
--> statement-breakpoint
CREATE TRIGGER `his_file_no_delete` BEFORE DELETE ON `his_file` BEGIN SELECT RAISE(ABORT, 'append-only: his_file'); END;
--> statement-breakpoint
CREATE TRIGGER `reconciliation_no_update` BEFORE UPDATE ON `reconciliation` BEGIN SELECT RAISE(ABORT, 'append-only: reconciliation'); END;
--> statement-breakpoint
CREATE TRIGGER `reconciliation_no_delete` BEFORE DELETE ON `reconciliation` BEGIN SELECT RAISE(ABORT, 'append-only: reconciliation'); END;
--> statement-breakpoint
CREATE TRIGGER `clearing_application_no_update` BEFORE UPDATE ON `clearing_application` BEGIN SELECT RAISE(ABORT, 'append-only: clearing_application'); END;
--> statement-breakpoint
CREATE TRIGGER `clearing_application_no_delete` BEFORE DELETE ON `clearing_application` BEGIN SELECT RAISE(ABORT, 'append-only: clearing_application'); END;
--> statement-breakpoint
CREATE TRIGGER `clearing_withdrawal_no_update` BEFORE UPDATE ON `clearing_withdrawal` BEGIN SELECT RAISE(ABORT, 'append-only: clearing_withdrawal'); END;
--> statement-breakpoint
CREATE TRIGGER `clearing_withdrawal_no_delete` BEFORE DELETE ON `clearing_withdrawal` BEGIN SELECT RAISE(ABORT, 'append-only: clearing_withdrawal'); END;
