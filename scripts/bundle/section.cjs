/**
 * Part of every shipped file: runs one of its sections. A section is code that stands in a comment at the file's end, where it
 * costs the start of the process nothing: parsing it would cost a third of the whole of `--version`.
 */
const { readFileSync } = require('node:fs');
const { compileFunction, constants } = require('node:vm');

/** What the section exports. Its stack traces name this file and the very lines where the code stands in it. */
module.exports = (name) => {
  const file = readFileSync(__filename, 'utf8');
  const start = file.indexOf(`\n/*# ${name} #\n`) + `\n/*# ${name} #\n`.length;
  const code = file.slice(start, file.indexOf('\n#*/\n', start)).replaceAll('*@/', '*/');
  const run = compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: __filename,
    lineOffset: file.slice(0, start).split('\n').length - 1,
    importModuleDynamically: constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const section = { exports: {} };
  run.call(section.exports, section.exports, require, section, __filename, __dirname);
  return section.exports;
};
