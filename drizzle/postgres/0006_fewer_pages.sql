DROP INDEX "his_document_reversed_once";--> statement-breakpoint
DROP INDEX "his_document_of_person";--> statement-breakpoint
DROP INDEX "settlement_reversed_once";--> statement-breakpoint
CREATE UNIQUE INDEX "his_document_reversed_once" ON "his_document" USING btree ("hospital_code","reverses") WHERE "his_document"."reverses" is not null;--> statement-breakpoint
CREATE INDEX "his_document_of_person" ON "his_document" USING btree ("psn_blind","setl_id");--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_reversed_once" ON "settlement" USING btree ("reverses") WHERE "settlement"."reverses" is not null;