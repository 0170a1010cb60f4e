/** The version in package.json, put in place by the build and by the test runner. */
declare const __TPH_VERSION__: string;
/** The URL of the folder with the API explorer's files, from the file that reads them; ends with a slash. */
declare const __TPH_EXPLORER__: string;
