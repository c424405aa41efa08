-- History is append-only: what these tables hold is never changed or deleted.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append-only: %', TG_TABLE_NAME; END $$;
--> statement-breakpoint
CREATE TRIGGER "audit_record_append_only" BEFORE UPDATE OR DELETE ON "audit_record" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "hospital_append_only" BEFORE UPDATE OR DELETE ON "hospital" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "hospital_status_append_only" BEFORE UPDATE OR DELETE ON "hospital_status" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "terminal_append_only" BEFORE UPDATE OR DELETE ON "terminal" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "terminal_revocation_append_only" BEFORE UPDATE OR DELETE ON "terminal_revocation" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "staff_append_only" BEFORE UPDATE OR DELETE ON "staff" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "staff_revocation_append_only" BEFORE UPDATE OR DELETE ON "staff_revocation" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "person_append_only" BEFORE UPDATE OR DELETE ON "person" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "person_record_append_only" BEFORE UPDATE OR DELETE ON "person_record" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "holding_append_only" BEFORE UPDATE OR DELETE ON "holding" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "register_draft_append_only" BEFORE UPDATE OR DELETE ON "register_draft" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "register_approval_append_only" BEFORE UPDATE OR DELETE ON "register_approval" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "rule_draft_append_only" BEFORE UPDATE OR DELETE ON "rule_draft" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "rule_publication_append_only" BEFORE UPDATE OR DELETE ON "rule_publication" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "settlement_append_only" BEFORE UPDATE OR DELETE ON "settlement" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "request_append_only" BEFORE UPDATE OR DELETE ON "request" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "posting_append_only" BEFORE UPDATE OR DELETE ON "posting" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "statement_print_append_only" BEFORE UPDATE OR DELETE ON "statement_print" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
