/**
 * The version of the tables that this program writes: the highest `since` of all that they consist of. Written down, and
 * compared by a test, since every start asks for it and deriving it takes a tenth as long as Node takes to start.
 */
export const SCHEMA_VERSION = 3;
