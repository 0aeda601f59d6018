// Says plainly that Node is too old, before Node says it obscurely. Plain JavaScript, so that any Node can read it.
const needed = 24;
const major = Number(process.versions.node.split(".")[0]);
if (major < needed) {
  console.error(
    `machine-relay needs Node ${needed} or newer, this is ${process.version} (${process.execPath}).\n` +
      "`npm install` brings the right one along and `npm start` uses it; if you ran `node` yourself, run `npm start` instead.",
  );
  process.exit(1);
}
// node:sqlite still warns on some versions that we support; the warning tells a user nothing.
const emit = process.emitWarning;
process.emitWarning = (warning, ...rest) => {
  if (/SQLite is an experimental feature/.test(String(warning))) return;
  emit.call(process, warning, ...rest);
};
