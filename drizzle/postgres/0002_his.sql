CREATE TABLE "clearing_application" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_code" text NOT NULL,
	"clr_type" text NOT NULL,
	"month" text NOT NULL,
	"from_day" text NOT NULL,
	"to_day" text NOT NULL,
	"theirs" text NOT NULL,
	"ours" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clearing_withdrawal" (
	"application_id" text PRIMARY KEY NOT NULL,
	"at" bigint NOT NULL,
	"by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "his_call" (
	"hospital_code" text NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"mdtrt_id" text NOT NULL,
	"bill_no" text,
	"psn_blind" text NOT NULL,
	"sealed" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "his_call_hospital_code_key_pk" PRIMARY KEY("hospital_code","key")
);
--> statement-breakpoint
CREATE TABLE "his_document" (
	"hospital_code" text NOT NULL,
	"setl_id" text NOT NULL,
	"kind" text NOT NULL,
	"reverses" text,
	"settlement_no" text,
	"missed" text,
	"key" text NOT NULL,
	"mdtrt_id" text NOT NULL,
	"bill_no" text NOT NULL,
	"psn_blind" text NOT NULL,
	"insutype" text NOT NULL,
	"clr_type" text NOT NULL,
	"setl_optins" text NOT NULL,
	"setl_day" text NOT NULL,
	"medfee_fen" bigint NOT NULL,
	"fund_fen" bigint NOT NULL,
	"acct_fen" bigint NOT NULL,
	"cash_fen" bigint NOT NULL,
	"assistance_fen" bigint NOT NULL,
	"sealed" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "his_document_hospital_code_setl_id_pk" PRIMARY KEY("hospital_code","setl_id"),
	CONSTRAINT "his_document_kind" CHECK ("his_document"."kind" in ('settlement', 'reversal'))
);
--> statement-breakpoint
CREATE TABLE "his_file" (
	"file_qury_no" text PRIMARY KEY NOT NULL,
	"hospital_code" text NOT NULL,
	"filename" text NOT NULL,
	"sealed" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "his_message" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "his_message_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"hospital_code" text NOT NULL,
	"mdtrt_id" text NOT NULL,
	"infno" text NOT NULL,
	"msgid" text NOT NULL,
	"psn_blind" text NOT NULL,
	"sealed" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "his_person" (
	"psn_blind" text PRIMARY KEY NOT NULL,
	"person_blind" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "his_upstream" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "his_upstream_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"admdvs" text NOT NULL,
	"url" text NOT NULL,
	"style" text NOT NULL,
	"timeout_ms" bigint NOT NULL,
	"sealed_credential" text,
	"at" bigint NOT NULL,
	"by" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "hospital_his" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "hospital_his_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"hospital_code" text NOT NULL,
	"mode" text NOT NULL,
	"at" bigint NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "hospital_his_mode" CHECK ("hospital_his"."mode" in ('second_step', 'in_between'))
);
--> statement-breakpoint
CREATE TABLE "reconciliation" (
	"id" text PRIMARY KEY NOT NULL,
	"hospital_code" text NOT NULL,
	"infno" text NOT NULL,
	"insutype" text,
	"clr_type" text,
	"setl_optins" text NOT NULL,
	"from_day" text NOT NULL,
	"to_day" text NOT NULL,
	"theirs" text NOT NULL,
	"ours" text NOT NULL,
	"result" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "terminal_sm2" (
	"terminal_id" text PRIMARY KEY NOT NULL,
	"public_key" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "terminal_tif" (
	"terminal_id" text PRIMARY KEY NOT NULL,
	"paasid" text NOT NULL,
	"sealed_secret" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "terminal_tif_paasid_unique" UNIQUE("paasid")
);
--> statement-breakpoint
ALTER TABLE "clearing_withdrawal" ADD CONSTRAINT "clearing_withdrawal_application_id_clearing_application_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."clearing_application"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "clearing_application_of" ON "clearing_application" USING btree ("hospital_code","month");--> statement-breakpoint
CREATE INDEX "his_call_of_visit" ON "his_call" USING btree ("hospital_code","mdtrt_id");--> statement-breakpoint
CREATE UNIQUE INDEX "his_document_of_settlement" ON "his_document" USING btree ("settlement_no");--> statement-breakpoint
CREATE INDEX "his_document_of_visit" ON "his_document" USING btree ("hospital_code","mdtrt_id");--> statement-breakpoint
CREATE INDEX "his_document_by_day" ON "his_document" USING btree ("hospital_code","setl_day");--> statement-breakpoint
CREATE INDEX "his_message_of_visit" ON "his_message" USING btree ("hospital_code","mdtrt_id","id");--> statement-breakpoint
CREATE INDEX "hospital_his_of" ON "hospital_his" USING btree ("hospital_code","id");--> statement-breakpoint
CREATE INDEX "reconciliation_of" ON "reconciliation" USING btree ("hospital_code","at");