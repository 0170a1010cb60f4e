/** The version in package.json, put in place by the build and by the test runner. */
declare const __TPH_VERSION__: string;
