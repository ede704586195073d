-- AlterTable
ALTER TABLE "price_version" ADD COLUMN     "repriced_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "usage_record" ADD COLUMN     "thinking" BOOLEAN;

-- Prices that are there already: requests booked by an older version kept theirs, and still do.
UPDATE "price_version" SET "repriced_at" = now();
