CREATE TABLE "register_psn_no" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "register_psn_no_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"psn_blind" text NOT NULL,
	"person_blind" text NOT NULL,
	"sealed_reason" text NOT NULL,
	"draft_id" text,
	"at" bigint NOT NULL,
	"by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "register_psn_no" ADD CONSTRAINT "register_psn_no_draft_id_register_draft_id_fk" FOREIGN KEY ("draft_id") REFERENCES "public"."register_draft"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "register_psn_no_of" ON "register_psn_no" USING btree ("psn_blind","id");--> statement-breakpoint
CREATE TRIGGER "register_psn_no_append_only" BEFORE UPDATE OR DELETE ON "register_psn_no" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
