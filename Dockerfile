# One image for every app; the argument chooses which: `docker run metaapo dist/apps/reward/src/main.js`.
#
#   docker build --tag metaapo:local .

FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY tsconfig.json ./
COPY libs libs
COPY apps apps
RUN node_modules/.bin/tsc -p tsconfig.json

FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
# Without the optional packages: they bring a Node, and this image is one.
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund --loglevel=error

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY proto proto
COPY configs configs
# `node` of the base image, by number, so that Kubernetes can see that it is not root.
USER 1000:1000
ENTRYPOINT ["node", "--enable-source-maps"]
CMD ["dist/apps/cli/src/main.js", "--help"]
