/**
 * The floors of the house. A file may import from its own folder and from the folders below it, never from one beside
 * or above it: whoever needs something from there declares a port, and app.module.ts binds it.
 */
const floors = [
  ['contract'],
  ['common'],
  ['config'],
  ['database', 'redis'],
  ['identity'],
  ['room'],
  ['line'],
  ['trail'],
  ['admission', 'registration', 'notice'],
  ['live'],
  ['operate'],
];

/** The floors inside src/registration, by the same law: none climbs, and none reaches beside. */
const insideRegistration = [
  ['seats/rules'],
  ['seats'],
  ['entities', 'ports'],
  ['ledger', 'catalogue/import', 'catalogue/search'],
  ['catalogue'],
  ['students', 'operators'],
];

const rules = floors.flatMap((floor, level) =>
  floor.map((folder) => {
    const forbidden = [...floor.filter((sibling) => sibling !== folder), ...floors.slice(level + 1).flat()];
    return {
      name: `floor-${folder}`,
      comment: `src/${folder} may only import from the floors below it`,
      severity: 'error',
      from: { path: `^src/${folder}/`, pathNot: '\\.spec\\.ts$' },
      to: {
        path: `^src/(${forbidden.map((name) => `${name}/`).join('|')}${forbidden.length ? '|' : ''}(app\\.module|main)\\.ts$)`,
      },
    };
  }),
);

const registrationRules = insideRegistration.flatMap((floor, level) =>
  floor.map((folder) => {
    const forbidden = [...floor.filter((sibling) => sibling !== folder), ...insideRegistration.slice(level + 1).flat()];
    return {
      name: `registration-${folder}`,
      comment: `src/registration/${folder} may only import from the floors below it`,
      severity: 'error',
      from: { path: `^src/registration/${folder}/[^/]+$`, pathNot: '\\.spec\\.ts$' },
      to: { path: `^src/registration/(${['[^/]+', ...forbidden.map((name) => `${name}/[^/]+`)].join('|')})$` },
    };
  }),
);

/**
 * Inside src/line the engines and a pod's end of the line know the port between them, not each other, and neither knows
 * the service on top.
 */
const insideLine = ['memory', 'redis', 'follower'];

const lineRules = insideLine.map((folder) => {
  const forbidden = insideLine.filter((other) => other !== folder).map((other) => `${other}/[^/]+`);
  return {
    name: `line-${folder}`,
    comment: `src/line/${folder} may only import from src/line itself, and not the service on top of all`,
    severity: 'error',
    from: { path: `^src/line/${folder}/`, pathNot: '\\.spec\\.ts$' },
    to: { path: `^src/line/(${forbidden.join('|')}|line\\.(service|module)\\.ts)` },
  };
});

/** Decide from their arguments alone: no framework, no clock, no input or output. */
const pure = [
  'src/line/ticket\\.ts',
  'src/line/position-index\\.ts',
  'src/admission/outflow\\.ts',
  'src/registration/seats/.*',
  'src/registration/catalogue/search/(hangul|words|gram-index|hours|seat-counts)\\.ts',
];

/** Runs in the browser as well. */
const shared = 'src/common/(retry|reckoning)\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-files',
      comment: 'pure files import no framework and do no input or output',
      severity: 'error',
      from: { path: `^(${pure.join('|')})$`, pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['npm', 'core'], pathNot: '^node_modules/zod/' },
    },
    {
      name: 'client-contract-only',
      comment: 'the browser shares with the server the contract and what runs in it as well, and nothing else',
      severity: 'error',
      from: { path: '^client/' },
      to: { path: '^src/', pathNot: `^(src/contract/|${shared})` },
    },
    {
      name: 'client-types-only',
      comment: 'the schemas of the contract are too large for a page: it takes their types',
      severity: 'error',
      from: { path: '^client/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^src/', pathNot: `^(${shared})`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shared-files',
      comment: 'what runs in the browser as well needs neither Node nor a framework',
      severity: 'error',
      from: { path: `^(${shared})` },
      to: { dependencyTypes: ['npm', 'core'] },
    },
    {
      name: 'contract-alone',
      comment: 'whoever writes a client reads the contract by itself: zod, and nothing else of this project',
      severity: 'error',
      from: { path: '^src/contract/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^(src/contract/|node_modules/zod/)' },
    },
    {
      name: 'product-without-tests',
      comment: 'nothing beside what ships imports from the tests or the load tools, not even its specs',
      severity: 'error',
      from: { path: '^(src|client)/' },
      to: { path: '^(test|load)/' },
    },
    {
      name: 'load-without-tests',
      comment: 'load/ owns the simulation and the servers it runs on; test/ uses both, never the other way',
      severity: 'error',
      from: { path: '^load/' },
      to: { path: '^test/' },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    ...rules,
    ...registrationRules,
    ...lineRules,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    // Packages that only ship ES modules (vite, jose) name no `require` entry.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
