FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY bin ./bin
COPY src ./src
COPY web ./web
RUN node scripts/setup.mjs image && npm prune --omit=dev

FROM node:24-bookworm-slim
# Fewer malloc arenas lower the memory use of sharp: 217 MB instead of 395 MB when measured.
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
WORKDIR /app
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY bin ./bin
COPY package.json ./
RUN mkdir /state && chown node /state
USER node
ENTRYPOINT ["node", "/app/bin/curator.js"]
