create table "import_run" (
  "client_id" integer not null,
  "id" integer not null,
  "kind" text not null,
  "mode" text not null check ("mode" in ('atomic', 'partial')),
  "on_conflict" text not null check ("on_conflict" in ('error', 'skip', 'update')),
  "options" text not null,
  "file" text not null,
  "sha256" text,
  "actor" text not null,
  "started_at" integer not null,
  "finished_at" integer,
  "state" text not null check ("state" in ('INTERRUPTED', 'DONE', 'REJECTED', 'ABANDONED', 'UNDONE', 'PARTLY_UNDONE')),
  "total" integer not null,
  "created" integer not null,
  "updated" integer not null,
  "unchanged" integer not null,
  "failed" integer not null,
  "warnings" integer not null,
  primary key ("client_id", "id"),
  foreign key ("client_id", "client_id") references "client" ("client_id", "id") deferrable initially deferred
) strict;

create table "import_batch" (
  "client_id" integer not null,
  "import_id" integer not null,
  "number" integer not null,
  "first_event" integer,
  "last_event" integer,
  "answer" text,
  primary key ("client_id", "import_id", "number"),
  foreign key ("client_id", "import_id") references "import_run" ("client_id", "id") on delete cascade deferrable initially deferred
) strict;

create table "import_stage" (
  "client_id" integer not null,
  "import_id" integer not null,
  "number" integer not null,
  "rows" text not null,
  primary key ("client_id", "import_id", "number"),
  foreign key ("client_id", "import_id") references "import_run" ("client_id", "id") on delete cascade deferrable initially deferred
) strict;
