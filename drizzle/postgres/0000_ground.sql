CREATE TABLE "account_total" (
	"account" text PRIMARY KEY NOT NULL,
	"debit_fen" bigint NOT NULL,
	"credit_fen" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_record" (
	"lane" text NOT NULL,
	"seq" bigint NOT NULL,
	"at" bigint NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" text NOT NULL,
	"hash" text NOT NULL,
	CONSTRAINT "audit_record_lane_seq_pk" PRIMARY KEY("lane","seq")
);
--> statement-breakpoint
CREATE TABLE "counter" (
	"owner" text NOT NULL,
	"key" text NOT NULL,
	"value" bigint NOT NULL,
	CONSTRAINT "counter_owner_key_pk" PRIMARY KEY("owner","key")
);
--> statement-breakpoint
CREATE TABLE "holding" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "holding_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"person_id" bigint NOT NULL,
	"category" text NOT NULL,
	"from_day" text NOT NULL,
	"held" bigint NOT NULL,
	"batch_id" text NOT NULL,
	"recorded_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hospital" (
	"code" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"level" bigint NOT NULL,
	"admdvs" text NOT NULL,
	"designated_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hospital_status" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hospital_status_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"hospital_code" text NOT NULL,
	"status" text NOT NULL,
	"reason" text NOT NULL,
	"at" bigint NOT NULL,
	"by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "lane" (
	"name" text PRIMARY KEY NOT NULL,
	"seq" bigint NOT NULL,
	"head" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "person" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "person_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"id_type" text NOT NULL,
	"blind" text NOT NULL,
	"sealed_id" text NOT NULL,
	"born_on" text NOT NULL,
	"sex" text NOT NULL,
	"recorded_at" bigint NOT NULL,
	CONSTRAINT "person_blind_unique" UNIQUE("blind")
);
--> statement-breakpoint
CREATE TABLE "person_record" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "person_record_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"person_id" bigint NOT NULL,
	"sealed_name" text NOT NULL,
	"name_blind" text NOT NULL,
	"household" text,
	"township" text NOT NULL,
	"admdvs" text NOT NULL,
	"died_on" text,
	"batch_id" text NOT NULL,
	"recorded_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "posting" (
	"ledger_seq" bigint NOT NULL,
	"leg" bigint NOT NULL,
	"account" text NOT NULL,
	"debit_fen" bigint NOT NULL,
	"credit_fen" bigint NOT NULL,
	CONSTRAINT "posting_ledger_seq_leg_pk" PRIMARY KEY("ledger_seq","leg"),
	CONSTRAINT "posting_one_side" CHECK (("posting"."debit_fen" = 0) <> ("posting"."credit_fen" = 0))
);
--> statement-breakpoint
CREATE TABLE "register_approval" (
	"draft_id" text PRIMARY KEY NOT NULL,
	"drafted_by" text NOT NULL,
	"approved_by" text NOT NULL,
	"approved_at" bigint NOT NULL,
	CONSTRAINT "register_four_eyes" CHECK ("register_approval"."drafted_by" <> "register_approval"."approved_by")
);
--> statement-breakpoint
CREATE TABLE "register_draft" (
	"id" text PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"sealed_rows" text NOT NULL,
	"summary" text NOT NULL,
	"drafted_by" text NOT NULL,
	"drafted_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "request" (
	"terminal_id" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"status" bigint NOT NULL,
	"settlement_no" text,
	"body" text,
	"at" bigint NOT NULL,
	CONSTRAINT "request_terminal_id_key_pk" PRIMARY KEY("terminal_id","key")
);
--> statement-breakpoint
CREATE TABLE "rule_draft" (
	"id" text PRIMARY KEY NOT NULL,
	"scheme" text NOT NULL,
	"version" text NOT NULL,
	"text" text NOT NULL,
	"hash" text NOT NULL,
	"drafted_by" text NOT NULL,
	"drafted_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rule_publication" (
	"seq" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "rule_publication_seq_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"draft_id" text NOT NULL,
	"drafted_by" text NOT NULL,
	"approved_by" text NOT NULL,
	"approved_at" bigint NOT NULL,
	CONSTRAINT "rule_publication_draft_id_unique" UNIQUE("draft_id"),
	CONSTRAINT "rule_four_eyes" CHECK ("rule_publication"."drafted_by" <> "rule_publication"."approved_by")
);
--> statement-breakpoint
CREATE TABLE "settlement" (
	"ledger_seq" bigint PRIMARY KEY NOT NULL,
	"settlement_no" text NOT NULL,
	"kind" text NOT NULL,
	"reverses" text,
	"hospital_code" text NOT NULL,
	"terminal_id" text NOT NULL,
	"bill_no" text NOT NULL,
	"attempt" bigint NOT NULL,
	"person_id" bigint NOT NULL,
	"person_record_id" bigint NOT NULL,
	"household" text NOT NULL,
	"township" text NOT NULL,
	"category" text,
	"care_type" text NOT NULL,
	"scheme" text NOT NULL,
	"version" text NOT NULL,
	"rule_hash" text NOT NULL,
	"decision" text NOT NULL,
	"business_day" text NOT NULL,
	"year" bigint NOT NULL,
	"total_fen" bigint NOT NULL,
	"insurance_fen" bigint NOT NULL,
	"other_fen" bigint NOT NULL,
	"assistance_fen" bigint NOT NULL,
	"patient_fen" bigint NOT NULL,
	"settled_at" bigint NOT NULL,
	"bill" text NOT NULL,
	"facts" text NOT NULL,
	"answer" text NOT NULL,
	CONSTRAINT "settlement_kind" CHECK ("settlement"."kind" in ('settlement', 'reversal'))
);
--> statement-breakpoint
CREATE TABLE "staff" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"roles" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "staff_token_hash_unique" UNIQUE("token_hash")
);
--> statement-breakpoint
CREATE TABLE "staff_revocation" (
	"staff_id" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "statement_print" (
	"settlement_no" text NOT NULL,
	"nth" bigint NOT NULL,
	"lang" text NOT NULL,
	"paper" text NOT NULL,
	"terminal_id" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "statement_print_settlement_no_nth_pk" PRIMARY KEY("settlement_no","nth")
);
--> statement-breakpoint
CREATE TABLE "terminal" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_code" text NOT NULL,
	"label" text NOT NULL,
	"key_hash" text NOT NULL,
	"signing_key" text,
	"created_at" bigint NOT NULL,
	CONSTRAINT "terminal_key_hash_unique" UNIQUE("key_hash")
);
--> statement-breakpoint
CREATE TABLE "terminal_revocation" (
	"terminal_id" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"by" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "holding" ADD CONSTRAINT "holding_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hospital_status" ADD CONSTRAINT "hospital_status_hospital_code_hospital_code_fk" FOREIGN KEY ("hospital_code") REFERENCES "public"."hospital"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "person_record" ADD CONSTRAINT "person_record_person_id_person_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."person"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "register_approval" ADD CONSTRAINT "register_approval_draft_id_register_draft_id_fk" FOREIGN KEY ("draft_id") REFERENCES "public"."register_draft"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rule_publication" ADD CONSTRAINT "rule_publication_draft_id_rule_draft_id_fk" FOREIGN KEY ("draft_id") REFERENCES "public"."rule_draft"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff_revocation" ADD CONSTRAINT "staff_revocation_staff_id_staff_id_fk" FOREIGN KEY ("staff_id") REFERENCES "public"."staff"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terminal" ADD CONSTRAINT "terminal_hospital_code_hospital_code_fk" FOREIGN KEY ("hospital_code") REFERENCES "public"."hospital"("code") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "terminal_revocation" ADD CONSTRAINT "terminal_revocation_terminal_id_terminal_id_fk" FOREIGN KEY ("terminal_id") REFERENCES "public"."terminal"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "holding_of" ON "holding" USING btree ("person_id","category","from_day","id");--> statement-breakpoint
CREATE INDEX "hospital_status_of" ON "hospital_status" USING btree ("hospital_code","id");--> statement-breakpoint
CREATE INDEX "person_record_of" ON "person_record" USING btree ("person_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_by_no" ON "settlement" USING btree ("settlement_no");--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_reversed_once" ON "settlement" USING btree ("reverses");--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_of_bill" ON "settlement" USING btree ("hospital_code","bill_no","attempt","kind");--> statement-breakpoint
CREATE INDEX "settlement_of_person" ON "settlement" USING btree ("person_id","ledger_seq");--> statement-breakpoint
CREATE INDEX "settlement_by_time" ON "settlement" USING btree ("settled_at");