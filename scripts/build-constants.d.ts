/** The version in package.json, put in place by the build and by the test runner. */
declare const __TPH_VERSION__: string;
/** The URL of the folder with the API explorer's files, from the file that reads them; ends with a slash. */
declare const __TPH_EXPLORER__: string;
/** The script of the thread that reads CSV files, relative to the file that starts it; empty where there is none. */
declare const __TPH_CSV_WORKER__: string;
/** Of a part of the built program, given to it by bin/start.js: the URL of its file, and the folder that it lies in. */
declare const tphPlace: { readonly here: string; readonly folder: string };
