// Stands in for the package `abstract-logging`, which comes without a licence text: a logger that says nothing.
const silent = () => {};

module.exports = { fatal: silent, error: silent, warn: silent, info: silent, debug: silent, trace: silent };
