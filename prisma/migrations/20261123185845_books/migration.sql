-- AlterTable
ALTER TABLE "grant" ADD COLUMN     "covers" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "grant_entry" ADD COLUMN     "effective_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "quota" ADD COLUMN     "guarantee" TEXT NOT NULL DEFAULT 'exact';

-- AlterTable
ALTER TABLE "team" ADD COLUMN     "on_counters_down" TEXT NOT NULL DEFAULT 'refuse';

-- AlterTable
ALTER TABLE "usage_record" ADD COLUMN     "input_bound_tokens" INTEGER,
ADD COLUMN     "soft_quotas_passed" UUID[] DEFAULT ARRAY[]::UUID[];

-- CreateTable
CREATE TABLE "replica" (
    "id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "stood_still" BIGINT NOT NULL DEFAULT 0,
    "holds" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "replica_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "standstill" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "epoch" BIGINT NOT NULL,
    "over" BOOLEAN NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "standstill_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_run" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "status" TEXT NOT NULL,
    "result" JSONB NOT NULL DEFAULT '{}',
    "error" TEXT,

    CONSTRAINT "job_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "estimator_model" (
    "provider" TEXT NOT NULL,
    "model" TEXT NOT NULL,
    "side" TEXT NOT NULL,
    "counts" BIGINT[],
    "samples" BIGINT NOT NULL,
    "misses" BIGINT NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "estimator_model_pkey" PRIMARY KEY ("provider","model","side")
);

-- CreateTable
CREATE TABLE "usage_adjustment" (
    "id" UUID NOT NULL,
    "request_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "team_id" UUID NOT NULL,
    "key_id" UUID NOT NULL,
    "member_id" UUID,
    "model" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "account_id" UUID,
    "grant_id" UUID,
    "status" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "price_version_id" UUID,
    "price_tier" INTEGER,
    "list_cost" BIGINT NOT NULL,
    "billed_cost" BIGINT NOT NULL,
    "grant_amount" BIGINT NOT NULL,
    "priced" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "usage_adjustment_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "replica_lease_until_idx" ON "replica"("lease_until");

-- CreateIndex
CREATE INDEX "job_run_name_started_at_idx" ON "job_run"("name", "started_at");

-- CreateIndex
CREATE INDEX "usage_adjustment_started_at_idx" ON "usage_adjustment"("started_at");

-- CreateIndex
CREATE UNIQUE INDEX "usage_adjustment_request_id_price_version_id_kind_key" ON "usage_adjustment"("request_id", "price_version_id", "kind");
