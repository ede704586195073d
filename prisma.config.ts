import { defineConfig } from 'prisma/config'

/** For Prisma's own tools (`prisma studio`, `prisma migrate status`); the service itself never reads this file. */
export default defineConfig({
  schema: 'prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env['DATABASE_URL'] ?? 'postgresql://localhost:5432/tollgate' },
})
