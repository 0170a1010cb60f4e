/**
 * Ids come from a sequence of the engine, which gives them out at once and takes none back: a row with the last one would
 * be held by each writer until its commit, and writers of all clients would wait for each other. The lock is the
 * session's and is held for as long as one statement, so that many ids in a row, and a sequence that keeps up with the
 * clock, are no race. Whatever a role asks for, the function takes at most ten million, and no stamp beyond 2^62.
 */
export const numbersFromSequence: readonly string[] = [
  'create sequence "id_number" as bigint',
  `select setval('"id_number"', "last") from "id_sequence"`,
  'drop table "id_sequence"',
  'alter sequence "id_number" rename to "id_sequence"',
  `create function tph_numbers("count" bigint, "stamp" bigint) returns bigint language sql security definer begin atomic
  select pg_advisory_lock(7631977, 1);
  select case when pg_advisory_unlock(7631977, 1) then given."last" - least(greatest("count", 1), 10000000) + 1 end
  from (
    select setval('"id_sequence"',
      greatest("last_value" + 1, least("stamp", 4611686018427387904)) + least(greatest("count", 1), 10000000) - 1) as "last"
    from "id_sequence" offset 0
  ) given;
end`,
];
