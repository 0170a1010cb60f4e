/**
 * Ids come from a sequence of the engine, which gives them out at once and takes none back: a row with the last one would
 * be held by each writer until its commit, and writers of all clients would wait for each other. The lock is the
 * session's and is held for as long as one statement, so that many ids in a row, and a sequence that keeps up with the
 * clock, are no race. Whatever a role asks for, the function takes at most ten million, and goes no further than a day
 * beyond the server's own clock, so that no role can use up the ids of all. What was given out last is told to anybody.
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
      greatest("last_value" + 1, least("stamp", limits."most")) + least(greatest("count", 1), 10000000) - 1) as "last"
    from "id_sequence", (
      -- 41 bits of milliseconds since 2020 stand above 22 of sequence.
      select ((extract(epoch from clock_timestamp()) * 1000)::bigint - 1577836800000 + 86400000) << 22 as "most"
    ) limits
    offset 0
  ) given;
end`,
  `create function tph_last_number() returns bigint language sql security definer begin atomic
  select case when "is_called" then "last_value" end from "id_sequence";
end`,
];
