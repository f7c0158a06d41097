/**
 * Part of every shipped file: runs one of its sections. A section is code that stands in a comment at the file's end, where it
 * costs the start of the process nothing: parsing it would take longer than all else that `--version` does.
 */
const { closeSync, fstatSync, openSync, readSync } = require('node:fs');
const { compileFunction } = require('node:vm');

/** What the section exports. Its stack traces name this file and the very lines where the code stands in it. */
module.exports = (name) => {
  const { code, line } = read(name);
  const run = compileFunction(code, ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: __filename,
    lineOffset: line,
  });
  const section = { exports: {} };
  run.call(section.exports, section.exports, require, section, __filename, __dirname);
  return section.exports;
};

/** The file's last line says where each section starts, how long it is, and how many lines come before it. */
function read(name) {
  const file = openSync(__filename, 'r');
  try {
    const text = (from, length) => {
      const bytes = Buffer.allocUnsafeSlow(length);
      readSync(file, bytes, 0, length, from);
      return bytes.toString('latin1');
    };
    const { size } = fstatSync(file);
    const tail = text(size - 1024, 1024);
    const [from, length, line] = JSON.parse(tail.slice(tail.lastIndexOf('\n//') + 3))[name];
    // A pattern, for the mark itself can't stand in a section, and sections hold this file too.
    return { code: text(from, length).replace(/\*@\//g, '*/'), line };
  } finally {
    closeSync(file);
  }
}
