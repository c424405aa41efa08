-- History is append-only: what these tables hold is never changed or deleted.
CREATE TRIGGER "hospital_his_append_only" BEFORE UPDATE OR DELETE ON "hospital_his" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "his_upstream_append_only" BEFORE UPDATE OR DELETE ON "his_upstream" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "terminal_tif_append_only" BEFORE UPDATE OR DELETE ON "terminal_tif" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "terminal_sm2_append_only" BEFORE UPDATE OR DELETE ON "terminal_sm2" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "his_person_append_only" BEFORE UPDATE OR DELETE ON "his_person" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "his_message_append_only" BEFORE UPDATE OR DELETE ON "his_message" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "his_call_append_only" BEFORE UPDATE OR DELETE ON "his_call" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "his_document_append_only" BEFORE UPDATE OR DELETE ON "his_document" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "his_file_append_only" BEFORE UPDATE OR DELETE ON "his_file" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "reconciliation_append_only" BEFORE UPDATE OR DELETE ON "reconciliation" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "clearing_application_append_only" BEFORE UPDATE OR DELETE ON "clearing_application" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER "clearing_withdrawal_append_only" BEFORE UPDATE OR DELETE ON "clearing_withdrawal" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
