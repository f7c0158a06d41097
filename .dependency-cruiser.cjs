/** The layering of docs/design.md: kit ← protocol, kit ← transport; {protocol, transport} ← {tap, target} ← test; the sandbox imports none of ours. */
const only = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to });
module.exports = {
  forbidden: [
    only(
      'no-circular',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
      'A cycle hides which of two files decides.',
    ),
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
      { path: '^target-together/' },
      { path: '^(tap-ukg-pro|sandbox|test)/' },
      'Any tap feeds the target, any target reads the tap.',
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
