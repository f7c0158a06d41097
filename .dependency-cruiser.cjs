/** The layering of docs/design.md: kit ← protocol, kit ← transport; {protocol, transport} ← {tap, target} ← test; the sandbox imports none of ours. */
const only = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });

/** The rooms of each half, a line a floor, top to bottom: a room imports from lower floors only, types too. */
const floors = {
  'tap-ukg-pro': [
    'cli',
    'doctor sync',
    'access employees',
    'records',
    'catalog requests',
    'settings ukg',
    'streams time',
  ],
  'target-together': [
    'cli',
    'app',
    'run report',
    'plan delivery',
    'collect',
    'mapping together state',
    'people',
    'settings model files',
  ],
};

function rooms(half, list) {
  const tests = '\\.test\\.ts$|/testing/';
  const src = `^${half}/src/`;
  const any = (names) => `(${names.join('|')})/`;
  const known = list.flatMap((floor) => floor.split(' '));
  const upwards = list.map((floor, i) => {
    const here = floor.split(' ');
    const above = list.slice(0, i).flatMap((each) => each.split(' '));
    return only(
      `${half}: ${here.join(', ')} import downwards`,
      { path: src + any(here), pathNot: tests },
      { path: src + any([...above, ...here]), pathNot: `${src}$1/` },
      `Rooms stand on floors: ${list.join(' → ')}.`,
    );
  });
  const homeless = only(
    `${half}: each room stands on a floor`,
    { path: `${src}(?!${any([...known, 'testing', 'generated'])})[^/]+/` },
    {},
    'A new room gets its place in the table of floors.',
  );
  return [...upwards, homeless];
}

module.exports = {
  forbidden: [
    only('no-circular', {}, { circular: true }, 'A cycle hides which of two files decides; one of types, too.'),
    ...Object.entries(floors).flatMap(([half, list]) => rooms(half, list)),
    only(
      'protocol-knows-nobody',
      { path: '^protocol/' },
      { path: '^(transport|tap-ukg-pro|target-together|sandbox|test)/' },
      'The vocabulary imports no sibling.',
    ),
    only(
      'kit-knows-no-sibling',
      { path: '^kit/' },
      { path: '^(protocol|transport|tap-ukg-pro|target-together|sandbox|test)/' },
      'Settings, secrets, log and command line stand under everything.',
    ),
    only(
      'transport-knows-kit',
      { path: '^transport/' },
      { path: '^(protocol|tap-ukg-pro|target-together|sandbox|test)/' },
      'HTTP knows neither protocol and neither half.',
    ),
    only(
      'halves-are-strangers',
      { path: '^tap-ukg-pro/' },
      { path: '^(target-together|sandbox|test)/' },
      'Any tap feeds the target, any target reads the tap.',
    ),
    only(
      'halves-are-strangers-too',
      { path: '^target-together/', pathNot: '^target-together/src/app/rehearse/' },
      { path: '^(tap-ukg-pro|sandbox|test)/' },
      'Any tap feeds the target, any target reads the tap.',
    ),
    only(
      'rehearsal-knows-the-sandbox',
      { path: '^target-together/src/app/rehearse/' },
      { path: '^(tap-ukg-pro|test)/' },
      'The one room that imports the sandbox: it plays life events on it, in a chunk that only the command rehearse loads.',
    ),
    only(
      'rehearsal-is-loaded-by-its-command',
      {
        path: '^target-together/',
        pathNot: '^target-together/src/(app/rehearse|cli/commands/look/rehearse|.*\\.test\\.ts$)',
      },
      { path: '^target-together/src/app/rehearse/' },
      'No run loads a sandbox.',
    ),
    only(
      'sandbox-shares-nothing',
      { path: '^sandbox/' },
      { path: '^(kit|protocol|transport|tap-ukg-pro|target-together)/' },
      'A mistake shared with the simulator hides in both.',
    ),
    only(
      'protocols-are-strangers',
      { path: '^protocol/src/singer/' },
      { path: '^protocol/src/airbyte/' },
      'Two adapters, one core.',
    ),
    only(
      'protocols-are-strangers-too',
      { path: '^protocol/src/airbyte/' },
      { path: '^protocol/src/singer/' },
      'Two adapters, one core.',
    ),
    only(
      'core-knows-no-protocol',
      { path: '^protocol/src/[^/]+\\.ts$', pathNot: '\\.test\\.ts$' },
      { path: '^protocol/src/(singer|airbyte)/' },
      'The neutral files are what both adapters stand on.',
    ),
    only(
      'http-once',
      { path: '^(kit|protocol|tap-ukg-pro|target-together)/', pathNot: '\\.test\\.ts$|/testing/' },
      { path: '^(node:)?https?$' },
      'All HTTP goes through transport/src/http/request.ts.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
