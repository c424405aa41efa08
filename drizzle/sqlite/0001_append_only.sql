-- History is append-only: what these tables hold is never changed or deleted.
CREATE TRIGGER `audit_record_no_update` BEFORE UPDATE ON `audit_record` BEGIN SELECT RAISE(ABORT, 'append-only: audit_record'); END;
--> statement-breakpoint
CREATE TRIGGER `audit_record_no_delete` BEFORE DELETE ON `audit_record` BEGIN SELECT RAISE(ABORT, 'append-only: audit_record'); END;
--> statement-breakpoint
CREATE TRIGGER `hospital_no_update` BEFORE UPDATE ON `hospital` BEGIN SELECT RAISE(ABORT, 'append-only: hospital'); END;
--> statement-breakpoint
CREATE TRIGGER `hospital_no_delete` BEFORE DELETE ON `hospital` BEGIN SELECT RAISE(ABORT, 'append-only: hospital'); END;
--> statement-breakpoint
CREATE TRIGGER `hospital_status_no_update` BEFORE UPDATE ON `hospital_status` BEGIN SELECT RAISE(ABORT, 'append-only: hospital_status'); END;
--> statement-breakpoint
CREATE TRIGGER `hospital_status_no_delete` BEFORE DELETE ON `hospital_status` BEGIN SELECT RAISE(ABORT, 'append-only: hospital_status'); END;
--> statement-breakpoint
CREATE TRIGGER `terminal_no_update` BEFORE UPDATE ON `terminal` BEGIN SELECT RAISE(ABORT, 'append-only: terminal'); END;
--> statement-breakpoint
CREATE TRIGGER `terminal_no_delete` BEFORE DELETE ON `terminal` BEGIN SELECT RAISE(ABORT, 'append-only: terminal'); END;
--> statement-breakpoint
CREATE TRIGGER `terminal_revocation_no_update` BEFORE UPDATE ON `terminal_revocation` BEGIN SELECT RAISE(ABORT, 'append-only: terminal_revocation'); END;
--> statement-breakpoint
CREATE TRIGGER `terminal_revocation_no_delete` BEFORE DELETE ON `terminal_revocation` BEGIN SELECT RAISE(ABORT, 'append-only: terminal_revocation'); END;
--> statement-breakpoint
CREATE TRIGGER `staff_no_update` BEFORE UPDATE ON `staff` BEGIN SELECT RAISE(ABORT, 'append-only: staff'); END;
--> statement-breakpoint
CREATE TRIGGER `staff_no_delete` BEFORE DELETE ON `staff` BEGIN SELECT RAISE(ABORT, 'append-only: staff'); END;
--> statement-breakpoint
CREATE TRIGGER `staff_revocation_no_update` BEFORE UPDATE ON `staff_revocation` BEGIN SELECT RAISE(ABORT, 'append-only: staff_revocation'); END;
--> statement-breakpoint
CREATE TRIGGER `staff_revocation_no_delete` BEFORE DELETE ON `staff_revocation` BEGIN SELECT RAISE(ABORT, 'append-only: staff_revocation'); END;
--> statement-breakpoint
CREATE TRIGGER `person_no_update` BEFORE UPDATE ON `person` BEGIN SELECT RAISE(ABORT, 'append-only: person'); END;
--> statement-breakpoint
CREATE TRIGGER `person_no_delete` BEFORE DELETE ON `person` BEGIN SELECT RAISE(ABORT, 'append-only: person'); END;
--> statement-breakpoint
CREATE TRIGGER `person_record_no_update` BEFORE UPDATE ON `person_record` BEGIN SELECT RAISE(ABORT, 'append-only: person_record'); END;
--> statement-breakpoint
CREATE TRIGGER `person_record_no_delete` BEFORE DELETE ON `person_record` BEGIN SELECT RAISE(ABORT, 'append-only: person_record'); END;
--> statement-breakpoint
CREATE TRIGGER `holding_no_update` BEFORE UPDATE ON `holding` BEGIN SELECT RAISE(ABORT, 'append-only: holding'); END;
--> statement-breakpoint
CREATE TRIGGER `holding_no_delete` BEFORE DELETE ON `holding` BEGIN SELECT RAISE(ABORT, 'append-only: holding'); END;
--> statement-breakpoint
CREATE TRIGGER `register_draft_no_update` BEFORE UPDATE ON `register_draft` BEGIN SELECT RAISE(ABORT, 'append-only: register_draft'); END;
--> statement-breakpoint
CREATE TRIGGER `register_draft_no_delete` BEFORE DELETE ON `register_draft` BEGIN SELECT RAISE(ABORT, 'append-only: register_draft'); END;
--> statement-breakpoint
CREATE TRIGGER `register_approval_no_update` BEFORE UPDATE ON `register_approval` BEGIN SELECT RAISE(ABORT, 'append-only: register_approval'); END;
--> statement-breakpoint
CREATE TRIGGER `register_approval_no_delete` BEFORE DELETE ON `register_approval` BEGIN SELECT RAISE(ABORT, 'append-only: register_approval'); END;
--> statement-breakpoint
CREATE TRIGGER `rule_draft_no_update` BEFORE UPDATE ON `rule_draft` BEGIN SELECT RAISE(ABORT, 'append-only: rule_draft'); END;
--> statement-breakpoint
CREATE TRIGGER `rule_draft_no_delete` BEFORE DELETE ON `rule_draft` BEGIN SELECT RAISE(ABORT, 'append-only: rule_draft'); END;
--> statement-breakpoint
CREATE TRIGGER `rule_publication_no_update` BEFORE UPDATE ON `rule_publication` BEGIN SELECT RAISE(ABORT, 'append-only: rule_publication'); END;
--> statement-breakpoint
CREATE TRIGGER `rule_publication_no_delete` BEFORE DELETE ON `rule_publication` BEGIN SELECT RAISE(ABORT, 'append-only: rule_publication'); END;
--> statement-breakpoint
CREATE TRIGGER `settlement_no_update` BEFORE UPDATE ON `settlement` BEGIN SELECT RAISE(ABORT, 'append-only: settlement'); END;
--> statement-breakpoint
CREATE TRIGGER `settlement_no_delete` BEFORE DELETE ON `settlement` BEGIN SELECT RAISE(ABORT, 'append-only: settlement'); END;
--> statement-breakpoint
CREATE TRIGGER `request_no_update` BEFORE UPDATE ON `request` BEGIN SELECT RAISE(ABORT, 'append-only: request'); END;
--> statement-breakpoint
CREATE TRIGGER `request_no_delete` BEFORE DELETE ON `request` BEGIN SELECT RAISE(ABORT, 'append-only: request'); END;
--> statement-breakpoint
CREATE TRIGGER `posting_no_update` BEFORE UPDATE ON `posting` BEGIN SELECT RAISE(ABORT, 'append-only: posting'); END;
--> statement-breakpoint
CREATE TRIGGER `posting_no_delete` BEFORE DELETE ON `posting` BEGIN SELECT RAISE(ABORT, 'append-only: posting'); END;
--> statement-breakpoint
CREATE TRIGGER `statement_print_no_update` BEFORE UPDATE ON `statement_print` BEGIN SELECT RAISE(ABORT, 'append-only: statement_print'); END;
--> statement-breakpoint
CREATE TRIGGER `statement_print_no_delete` BEFORE DELETE ON `statement_print` BEGIN SELECT RAISE(ABORT, 'append-only: statement_print'); END;
