// Stands in for what looks at terminals for chalk: whether there is colour is decided in src/terminal/ink.ts.
module.exports = { stdout: false, stderr: false };
